using Npgsql;

namespace Telemetry.Tests.Support;

/// <summary>PgBouncer in transaction mode in front of a database.</summary>
sealed class PgBouncer : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    Daemon? _daemon;

    public int Port { get; } = Ports.Free();

    public static async Task<PgBouncer> Start(NpgsqlConnectionStringBuilder database)
    {
        var pooler = new PgBouncer();
        await File.WriteAllTextAsync(pooler._folder["pgbouncer.ini"], $"""
            [databases]
            {database.Database} = host=127.0.0.1 port={database.Port} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {pooler.Port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 3
            """);
        var program = Require.Program("pgbouncer");
        // Neither it runs as root.
        var asRoot = Environment.UserName == "root";
        if (asRoot) (await Daemon.Run("chown", "-R", "postgres", pooler._folder.Path)).ExitCode.Should().Be(0);
        pooler._daemon = asRoot ? Daemon.Start(Require.Program("runuser"), ["-u", "postgres", "--", program, pooler._folder["pgbouncer.ini"]]) : Daemon.Start(program, [pooler._folder["pgbouncer.ini"]]);
        await Eventually.Holds("PgBouncer listens", () => Ports.Answers(pooler.Port));
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null) await _daemon.Kill();
        _daemon?.Dispose();
        _folder.Dispose();
    }
}
