namespace Telemetry.Tests.Support;

/// <summary>The program as a process of its own, for what only a process can show: its console, signals, exit codes.</summary>
/// <remarks>With <see cref="Variable"/> set to a native executable, that one is run instead of the build for the runtime.</remarks>
static class ServerProcess
{
    /// <summary>Environment variable with the path of a native executable.</summary>
    public const string Variable = "TELEMETRY_EXECUTABLE";

    static readonly string? Executable = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

    public static Daemon Start(TempFolder folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Start(Executable, folder, environment, arguments);

    /// <param name="executable">A native executable; null: the build for the runtime.</param>
    public static Daemon Start(string? executable, TempFolder folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        string[] all =
        [
            $"--Broker:Port={Ports.Free()}", $"--History:SqlitePath={folder["process.db"]}", $"--History:SpoolPath={folder["process-spool.db"]}", "--urls", "http://127.0.0.1:0", .. arguments,
        ];
        return executable is null ? Daemon.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Telemetry.Api.dll"), .. all], environment) : Daemon.Start(executable, all, environment);
    }
}
