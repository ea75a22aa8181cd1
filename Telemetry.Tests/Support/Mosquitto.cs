namespace Telemetry.Tests.Support;

/// <summary>A Mosquitto of the test's own.</summary>
sealed class Mosquitto : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    Daemon? _daemon;

    public int Port { get; } = Ports.Free();

    /// <param name="settings">Lines for its configuration, after the listener's.</param>
    public static async Task<Mosquitto> Start(params string[] settings)
    {
        var broker = new Mosquitto();
        await File.WriteAllLinesAsync(broker._folder["mosquitto.conf"], [$"listener {broker.Port} 127.0.0.1", .. settings.DefaultIfEmpty("allow_anonymous true"), "user root"]);
        await broker.Resume();
        return broker;
    }

    public async Task Resume()
    {
        _daemon = Daemon.Start(Require.Program("mosquitto"), ["-c", _folder["mosquitto.conf"]]);
        await Eventually.Holds("Mosquitto listens", () => Ports.Answers(Port));
    }

    public Task Stop() => _daemon!.Kill();

    public Task Publish(string topic, string payload, params string[] options) => Publisher.Publish(Port, topic, payload, options);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null) await _daemon.Kill();
        _daemon?.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Publishes as a person would: with mosquitto_pub.</summary>
static class Publisher
{
    public static async Task Publish(int port, string topic, string payload, params string[] options)
    {
        var (exitCode, output) = await Daemon.Run(Require.Program("mosquitto_pub"), ["-h", "127.0.0.1", "-p", $"{port}", "-t", topic, "-m", payload, .. options]);
        exitCode.Should().Be(0, output);
    }
}
