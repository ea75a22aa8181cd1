using System.Globalization;
using System.Text.Json;

namespace Telemetry.Tests.Support;

/// <summary>Processes of Telemetry.Cluster on one broker and one store.</summary>
sealed class Instances : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly TempFolder _folder = new();
    readonly string[] _settings;
    readonly int[] _silos;
    readonly List<Daemon> _processes = [];

    Instances(int count, string store, Mosquitto broker, string[] settings)
    {
        (Ports, _silos) = ([.. Enumerable.Range(0, count).Select(_ => Support.Ports.Free())], [.. Enumerable.Range(0, count).Select(_ => Support.Ports.Free())]);
        // On a slow machine a takeover may last longer than the shortest timeout of silence.
        _settings = ["--Presence:Timeout=00:00:30", "--Cluster:Name=test", "--Cluster:Address=127.0.0.1", $"--ConnectionStrings:Telemetry={store}", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", .. settings];
        for (var index = 0; index < count; index++) _processes.Add(Run(index));
    }

    public IReadOnlyList<int> Ports { get; }

    public HttpClient Http { get; } = new();

    /// <summary>TCP port of each for the others.</summary>
    public IReadOnlyList<int> Silos => _silos;

    public static async Task<Instances> Start(int count, string store, Mosquitto broker, params string[] settings)
    {
        var instances = new Instances(count, store, broker, settings);
        for (var index = 0; index < count; index++) await instances.IsReady(index);
        return instances;
    }

    public Uri Address(int index, string path) => new($"http://127.0.0.1:{Ports[index]}{path}");

    public Task<string> Get(int index, string path) => Http.GetStringAsync(Address(index, path));

    public async Task<IReadOnlyDictionary<string, string?>> States(int index) =>
        JsonDocument.Parse(await Get(index, "/vehicles")).RootElement.EnumerateArray().ToDictionary(vehicle => vehicle.GetProperty("device").GetString()!, vehicle => vehicle.GetProperty("state").GetString());

    public Task<Listener> Listen(int index, string query = "") => Listener.Connect(new UriBuilder(Address(index, "/ws/telemetry")) { Scheme = "ws", Query = query }.Uri);

    public Task IsReady(int index) => Eventually.Holds($"instance {index} is ready: {Output(index)}", async () =>
    {
        if (_processes[index].HasExited) Assert.Fail($"Instance {index} has ended: {Output(index)}");
        try
        {
            return (await Http.GetAsync(Address(index, "/health/ready"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, Patience);

    public Task Kill(int index) => _processes[index].Kill();

    public Task<int> Terminate(int index) => _processes[index].Terminate();

    public bool HasExited(int index) => _processes[index].HasExited;

    public async Task Signal(int index, string signal) => (await Daemon.Run("kill", $"-{signal}", _processes[index].Id.ToString(CultureInfo.InvariantCulture))).ExitCode.Should().Be(0);

    public async Task Restart(int index)
    {
        _processes[index].Dispose();
        _processes[index] = Run(index);
        await IsReady(index);
    }

    public string Output(int index) => _processes[index].Output;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.Kill();
            process.Dispose();
        }

        Http.Dispose();
        _folder.Dispose();
    }

    Daemon Run(int index) => Daemon.Start("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Telemetry.Cluster.dll"), .. _settings, $"--Cluster:Port={_silos[index]}", $"--Urls=http://127.0.0.1:{Ports[index]}", $"--History:SpoolPath={_folder[$"spool-{index}.db"]}"]);
}
