using Dapper;
using Npgsql;
using Telemetry.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Telemetry.Tests.Support;

/// <summary>A PostgreSQL of the tests' own, started when the first test asks for a database.</summary>
public class PostgresServer : IDisposable
{
    readonly TempFolder _folder = new();
    readonly SemaphoreSlim _gate = new(1);
    readonly int _port = Ports.Free();
    Daemon? _daemon;
    int _databases;

    /// <summary>Stops the server at once, as a crash would.</summary>
    public async Task Crash()
    {
        NpgsqlConnection.ClearAllPools();
        await Signal("QUIT");
        await _daemon!.WaitForExit();
    }

    /// <summary>Starts it again.</summary>
    public async Task Resume() => _daemon = await Run();

    /// <summary>Lets it hang (STOP) or go on (CONT).</summary>
    public async Task Signal(string signal)
    {
        // The daemon may be a runuser that started the server: the server's own number stands in its file.
        var id = (await File.ReadAllLinesAsync(_folder["data/postmaster.pid"]))[0];
        string[] group = signal is "STOP" or "CONT" ? [id, .. await Children(id)] : [id];
        // A runuser stops itself when its child stops.
        if (signal == "CONT") group = [$"{_daemon!.Id}", .. group];
        foreach (var process in group) (await Daemon.Run("kill", $"-{signal}", process)).ExitCode.Should().Be(0);
    }

    static async Task<string[]> Children(string id) =>
        (await Daemon.Run("ps", "-o", "pid=", "--ppid", id)).Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabase()
    {
        await _gate.WaitAsync();
        try
        {
            if (_daemon is null or { HasExited: true }) _daemon = await Run();
            var name = $"test_{++_databases}";
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.ExecuteAsync($"CREATE DATABASE {name}");
            return ConnectionString(name);
        }
        finally
        {
            _gate.Release();
        }
    }

    string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=3;Pooling=true";

    async Task<Daemon> Run()
    {
        var initdb = Require.Program("initdb");
        // PostgreSQL refuses to run as root.
        var asRoot = Environment.UserName == "root";
        string[] prefix = asRoot ? ["-u", "postgres", "--"] : [];
        if (asRoot) (await Daemon.Run("chown", "postgres", _folder.Path)).ExitCode.Should().Be(0);
        string Program(string own) => asRoot ? Require.Program("runuser") : own;
        string[] Arguments(string own, params string[] arguments) => asRoot ? [.. prefix, own, .. arguments] : arguments;

        if (!File.Exists(_folder["data/PG_VERSION"]))
        {
            var made = await Daemon.Run(Program(initdb), Arguments(initdb, "-D", _folder["data"], "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"));
            made.ExitCode.Should().Be(0, made.Output);
        }

        var postgres = Path.Combine(Path.GetDirectoryName(initdb)!, "postgres");
        var daemon = Daemon.Start(Program(postgres), Arguments(postgres, "-D", _folder["data"], "-p", $"{_port}",
            // Each server of a test keeps a pool of its own for a while after its end.
            "-c", "max_connections=400", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder.Path}", "-c", "fsync=off"));
        await Eventually.Holds("PostgreSQL answers", async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
        return daemon;
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        _daemon?.Dispose();
        _folder.Dispose();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A PostgreSQL of one test class, whose tests may crash it. Each test creates a database of its own, which starts it again.</summary>
public sealed class CrashingPostgres : PostgresServer;
