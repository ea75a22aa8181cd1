using System.Diagnostics;
using Dapper;
using Npgsql;

namespace Telemetry.Bench.Rig;

/// <summary>A PostgreSQL of our own with the settings that <c>initdb</c> gives it: a commit is on disk before it is answered.</summary>
sealed class Postgres : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string _programs;
    readonly string _data;
    readonly int _port;
    ChildProcess _process = null!;
    int _databases;

    Postgres(string programs, string data, int port) => (_programs, _data, _port) = (programs, data, port);

    // Pooled connections would outlive a crash and be handed out dead.
    string Own => $"{ConnectionString("postgres")};Pooling=false;Timeout=3";

    /// <summary>Is given each line of its log.</summary>
    public Action<string>? Heard { get; set; }

    public static Task<Postgres> Start(TempFolder folder, CancellationToken cancel)
    {
        if (Environment.UserName == "root") folder.LetOthersPass();
        return Start(folder.NewPath("postgres"), cancel);
    }

    /// <param name="data">Where its files are, or shall be.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Postgres> Start(string data, CancellationToken cancel)
    {
        var postgres = new Postgres(Programs(), Path.GetFullPath(data), Loopback.FreePorts(1)[0]);
        if (!File.Exists(Path.Combine(data, "PG_VERSION"))) await postgres.Initialize(cancel);
        try
        {
            await postgres.Resume(cancel);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateDatabase(CancellationToken cancel) => Database($"bench_{++_databases}", cancel);

    /// <summary>A database, made where it is missing.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> Database(string name, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Own);
        if (!await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_database WHERE datname = @name)", new { name }))
            await connection.ExecuteAsync(new CommandDefinition($"CREATE DATABASE {name}", cancellationToken: cancel));
        return ConnectionString(name);
    }

    /// <summary>A connection of the benchmark's own: what it asks may take long.</summary>
    public static NpgsqlConnection Connect(string store) => new($"{store};Pooling=false;Command Timeout=600");

    /// <summary>Version and the settings that durability and speed hang on.</summary>
    public async Task<string> Describe()
    {
        await using var connection = new NpgsqlConnection(Own);
        var settings = new List<string>();
        foreach (var name in new[] { "fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers", "work_mem", "max_wal_size", "jit" })
            settings.Add($"{name} {await connection.ExecuteScalarAsync<string>($"SHOW {name}")}");
        return $"PostgreSQL {await connection.ExecuteScalarAsync<string>("SHOW server_version")} as initdb sets it up ({string.Join(", ", settings)})";
    }

    /// <summary>Processor time so far, of all its processes.</summary>
    public double CpuSeconds() => ProcessUsage.CpuSecondsOfFamily(_process.Id);

    /// <summary>Starts it, again where it has been stopped; ready on return.</summary>
    public async Task Resume(CancellationToken cancel)
    {
        var (program, arguments) = AsOwner("postgres", "-D", _data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
        if (_process is not null) await _process.DisposeAsync();
        _process = ChildProcess.Start(program, arguments);
        _process.Heard = line => Heard?.Invoke(line);
        while (Stopwatch.GetElapsedTime(_process.StartedAt) < Patience)
        {
            _process.MustRun();
            try
            {
                await using var connection = new NpgsqlConnection(Own);
                await connection.OpenAsync(cancel);
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(20, cancel); // It does not listen yet, or recovers.
            }
        }

        throw new BenchmarkException($"PostgreSQL did not answer within {Patience.TotalSeconds} s.");
    }

    /// <summary>Stops it at once, as a crash would: nothing is written any more, and the next start has to recover.</summary>
    public Task Crash() => _process.End(UnixSignal.Quit, TimeSpan.FromSeconds(20));

    /// <summary>Lets all its processes hang.</summary>
    public void Freeze() => SendToAll(UnixSignal.Stop);

    /// <summary>Lets them go on.</summary>
    public void Thaw() => SendToAll(UnixSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        SendToAll(UnixSignal.Continue);
        await Crash();
        await _process.DisposeAsync();
    }

    async Task Initialize(CancellationToken cancel)
    {
        Directory.CreateDirectory(_data);
        if (Environment.UserName == "root") await ChildProcess.Run("chown", ["postgres", _data], cancel);
        var (program, arguments) = AsOwner("initdb", "-D", _data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
        await ChildProcess.Run(program, arguments, cancel);
    }

    // The postmaster comes first: while it hangs, no process joins the others.
    void SendToAll(UnixSignal signal)
    {
        signal.SendTo(_process.Id);
        foreach (var child in ProcessUsage.ChildrenOf(_process.Id)) signal.SendTo(child);
    }

    string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    // PostgreSQL refuses to run as root. setpriv becomes the program, where runuser would stay its parent: its process is PostgreSQL's.
    (string Program, string[] Arguments) AsOwner(string name, params string[] arguments)
    {
        var program = Path.Combine(_programs, name);
        return Environment.UserName == "root"
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : (program, arguments);
    }

    // Debian keeps them out of the search path, a folder a version.
    static string Programs()
    {
        const string Versions = "/usr/lib/postgresql";
        var versions = Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [];
        return versions.OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new BenchmarkException("PostgreSQL is not installed; this benchmark needs its initdb and postgres.");
    }
}
