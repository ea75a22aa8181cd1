using System.Diagnostics;

namespace Telemetry.Bench.Rig;

/// <summary>A Mosquitto of our own: one plain and one WebSocket listener.</summary>
sealed class Mosquitto : IAsyncDisposable
{
    readonly string _configuration;

    Mosquitto(string configuration, int port, int webSocketPort) => (_configuration, Port, WebSocketPort) = (configuration, port, webSocketPort);

    public ChildProcess Process { get; private set; } = null!;

    /// <summary>Of the plain MQTT listener.</summary>
    public int Port { get; }

    /// <summary>Of the MQTT-over-WebSocket listener.</summary>
    public int WebSocketPort { get; }

    /// <param name="folder">Holds its configuration.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="settings">Lines of its configuration.</param>
    public static Task<Mosquitto> Start(TempFolder folder, CancellationToken cancel, params string[] settings) => Start(folder, certificate: null, cancel, settings);

    /// <summary>The same, its WebSocket listener with TLS where it is given a certificate.</summary>
    public static async Task<Mosquitto> Start(TempFolder folder, Certificate? certificate, CancellationToken cancel, params string[] settings)
    {
        var ports = Loopback.FreePorts(2);
        var configuration = folder.NewPath("mosquitto.conf");
        // Started by root it would become another user, who cannot read what is in the folder.
        // set_tcp_nodelay is off by default: then small packets wait for each other, and its own figures would be the worse for it.
        await File.WriteAllTextAsync(configuration, $"""
            allow_anonymous true
            log_dest stderr
            log_type error
            log_type warning
            set_tcp_nodelay true
            user {Environment.UserName}
            {string.Join('\n', settings)}
            listener {ports[0]} 127.0.0.1
            listener {ports[1]} 127.0.0.1
            protocol websockets
            {(certificate is null ? "" : $"certfile {certificate.Path}\nkeyfile {certificate.KeyPath}")}

            """, cancel);
        var mosquitto = new Mosquitto(configuration, ports[0], ports[1]);
        await mosquitto.Resume(cancel);
        return mosquitto;
    }

    /// <summary>Starts it, again where it has been stopped; ready on return.</summary>
    public async Task Resume(CancellationToken cancel)
    {
        if (Process is not null) await Process.DisposeAsync();
        Process = ChildProcess.Start(Program(), ["-c", _configuration]);
        try
        {
            await Loopback.WaitUntilListening(Port, Process, cancel);
            await Loopback.WaitUntilListening(WebSocketPort, Process, cancel);
        }
        catch
        {
            await Process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Version as Mosquitto prints it.</summary>
    public static string Version()
    {
        using var help = System.Diagnostics.Process.Start(new ProcessStartInfo(Program(), "-h") { RedirectStandardOutput = true })!;
        var text = help.StandardOutput.ReadToEnd();
        help.WaitForExit();
        return text.Split('\n')[0].Replace("mosquitto version ", "", StringComparison.Ordinal).Trim();
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    // Debian installs it where only root's search path leads.
    static string Program() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/local/sbin")
        .Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists)
        ?? throw new BenchmarkException("mosquitto is not installed; this benchmark compares with it.");
}
