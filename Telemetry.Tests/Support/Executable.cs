namespace Telemetry.Tests.Support;

/// <summary>The program as a process, with its addresses.</summary>
sealed class Executable : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    readonly int _broker = Ports.Free();
    readonly Daemon _process;

    Executable(string scheme, Func<TempFolder, string[], Daemon> run)
    {
        Address = new Uri($"{scheme}://127.0.0.1:{Ports.Free()}");
        Http = new HttpClient { BaseAddress = Address };
        _process = run(_folder, [$"--Broker:Port={_broker}", $"--Urls={Address.GetLeftPart(UriPartial.Authority)}"]);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>Its console so far.</summary>
    public string Output => _process.Output;

    public static Task<Executable> Start(params string[] arguments) => StartAt("http", arguments);

    public static Task<Executable> Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Listening(new Executable("http", (folder, addresses) => ServerProcess.Start(folder, environment, [.. addresses, .. arguments])));

    public static Task<Executable> StartAt(string scheme, params string[] arguments) =>
        Listening(new Executable(scheme, (folder, addresses) => ServerProcess.Start(folder, null, [.. addresses, .. arguments])));

    /// <param name="run">Starts the process with the arguments for its addresses.</param>
    public static Task<Executable> Start(Func<string[], Daemon> run) => Listening(new Executable("http", (_, addresses) => run(addresses)));

    static async Task<Executable> Listening(Executable server)
    {
        await Eventually.Holds("the server listens or has ended", async () => server._process.HasExited || (await Ports.Answers(server.Address.Port) && await Ports.Answers(server._broker)), TimeSpan.FromMinutes(2));
        server._process.HasExited.Should().BeFalse(server._process.Output);
        return server;
    }

    public Uri Socket(string path) => new UriBuilder(new Uri(Address, path)) { Scheme = "ws" }.Uri;

    public Task<string> Get(string path) => Http.GetStringAsync(path);

    public Task Publish(string topic, string payload) => Car.PublishOnce(_broker, topic, payload);

    public async ValueTask DisposeAsync()
    {
        await _process.Terminate();
        _process.Dispose();
        Http.Dispose();
        _folder.Dispose();
    }
}
