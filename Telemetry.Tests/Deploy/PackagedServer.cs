using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The program out of a package, as a process with its own ports.</summary>
sealed class PackagedServer : IAsyncDisposable
{
    readonly Daemon _process;
    readonly int _broker;
    readonly HttpClient _http;

    PackagedServer(Daemon process, int port, int broker)
    {
        (_process, _broker) = (process, broker);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="program">Its first arguments run the program, and take those of the server after them.</param>
    public static async Task<PackagedServer> StartAsync(IReadOnlyList<string> program, IReadOnlyDictionary<string, string>? environment = null, string folder = "")
    {
        var (port, broker) = (Ports.Free(), Ports.Free());
        var process = Daemon.Start(program[0], [.. program.Skip(1), $"--Urls=http://127.0.0.1:{port}", $"--Broker:Port={broker}"], environment, folder);
        await Eventually.Holds("the packaged program listens, or has ended", async () => process.HasExited || (await Ports.Answers(port) && await Ports.Answers(broker)), TimeSpan.FromMinutes(2));
        process.HasExited.Should().BeFalse(process.Output);
        return new PackagedServer(process, port, broker);
    }

    public string Address => $"{_http.BaseAddress}";

    public Task<string> Get(string path) => _http.GetStringAsync(path);

    /// <summary>A message in, its row out, and the pages.</summary>
    public async Task MustWorkAsync(string value)
    {
        await Publisher.Publish(_broker, "wican/rpm", value, "-q", "1");
        await Eventually.Holds("the reading is a row", async () => (await Get("/telemetry/export")).Contains($",rpm,{value}"));
        (await Get("/")).Should().Contain("<html");
        (await Get("/js/page.js")).Should().NotBeEmpty();
        (await Get("/lib/uPlot.esm.js")).Should().NotBeEmpty();
        (await Get("/health/ready")).Should().Contain("\"status\":\"healthy\"");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.Terminate();
        _process.Dispose();
        _http.Dispose();
    }
}
