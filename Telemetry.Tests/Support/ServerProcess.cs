namespace Telemetry.Tests.Support;

/// <summary>The program as a process of its own, for what only a process can show: its console, signals, exit codes.</summary>
static class ServerProcess
{
    public static Daemon Start(TempFolder folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Daemon.Start("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "Telemetry.Api.dll"), $"--Broker:Port={Ports.Free()}", $"--History:SqlitePath={folder["process.db"]}", $"--History:SpoolPath={folder["process-spool.db"]}",
        "--urls", "http://127.0.0.1:0", .. arguments,
    ], environment);
}
