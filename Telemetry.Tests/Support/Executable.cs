namespace Telemetry.Tests.Support;

/// <summary>The program as a process, with its address.</summary>
sealed class Executable : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    readonly int _broker = Ports.Free();
    readonly Daemon _process;

    Executable(string scheme, string[] arguments)
    {
        Address = new Uri($"{scheme}://127.0.0.1:{Ports.Free()}");
        Http = new HttpClient { BaseAddress = Address };
        _process = ServerProcess.Start(_folder, null, [$"--Broker:Port={_broker}", $"--Urls={Address.GetLeftPart(UriPartial.Authority)}", .. arguments]);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static Task<Executable> Start(params string[] arguments) => StartAt("http", arguments);

    public static async Task<Executable> StartAt(string scheme, params string[] arguments)
    {
        var server = new Executable(scheme, arguments);
        await Eventually.Holds($"the server has started: {server._process.Output}", async () => server._process.HasExited || (await Ports.Answers(server.Address.Port) && await Ports.Answers(server._broker)), TimeSpan.FromMinutes(1));
        server._process.HasExited.Should().BeFalse(server._process.Output);
        return server;
    }

    public Uri Socket(string path) => new UriBuilder(new Uri(Address, path)) { Scheme = "ws" }.Uri;

    public Task<string> Get(string path) => Http.GetStringAsync(path);

    public Task Publish(string topic, string payload) => Publisher.Publish(_broker, topic, payload);

    public async ValueTask DisposeAsync()
    {
        await _process.Terminate();
        _process.Dispose();
        Http.Dispose();
        _folder.Dispose();
    }
}
