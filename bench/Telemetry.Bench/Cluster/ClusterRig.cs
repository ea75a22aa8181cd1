using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Cluster;

/// <summary>Instances on one machine, with their broker and their database.</summary>
sealed class ClusterRig : IAsyncDisposable
{
    const int LogLines = 400;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    // A hung instance that the others have declared dead ends within it.
    static readonly TimeSpan WakeTime = TimeSpan.FromSeconds(10);

    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    readonly ConcurrentQueue<string> _log = new();
    readonly Func<int, ChildProcess> _start;
    readonly ChildProcess[] _instances;

    ClusterRig(Postgres postgres, string store, Mosquitto broker, int[] ports, Func<ClusterRig, int, ChildProcess> start)
    {
        (Postgres, Store, Broker, Ports) = (postgres, store, broker, ports);
        _start = index => start(this, index);
        _instances = [.. ports.Select((_, index) => _start(index))];
    }

    public Postgres Postgres { get; }

    public string Store { get; }

    public Mosquitto Broker { get; }

    /// <summary>HTTP port of each instance.</summary>
    public IReadOnlyList<int> Ports { get; }

    public IEnumerable<string> Log => _log;

    public Stopwatch Clock { get; } = Stopwatch.StartNew();

    /// <summary>True while an instance is to answer.</summary>
    public bool[] IsUp { get; private set; } = [];

    public static async Task<ClusterRig> Start(TempFolder folder, string published, int instances, Arguments arguments, CancellationToken cancel)
    {
        var postgres = await Postgres.Start(folder, cancel);
        var broker = await Mosquitto.Start(folder, cancel, "persistence true", $"persistence_location {Directory.CreateDirectory(folder.NewPath("mosquitto")).FullName}/", "autosave_interval 0", "max_queued_messages 0", "max_inflight_messages 1000");
        var store = await postgres.CreateDatabase(cancel);
        var http = Loopback.FreePorts(instances);
        var silos = Loopback.FreePorts(instances);
        var spools = Enumerable.Range(0, instances).Select(index => folder.NewPath($"spool-{index}.db")).ToArray();
        var program = Path.Combine(published, instances == 1 ? "Telemetry.Api" : "Telemetry.Cluster");
        if (!File.Exists(program)) throw new BenchmarkException($"There is no {program}.");
        var rig = new ClusterRig(postgres, store, broker, http, (rig, index) =>
        {
            var child = ChildProcess.Start(program,
                [
                    $"--Urls=http://127.0.0.1:{http[index]}", .. instances == 1 ? [] : (string[])["--Cluster:Name=bench", "--Cluster:Address=127.0.0.1", $"--Cluster:Port={silos[index]}"],
                    $"--ConnectionStrings:Telemetry={store};Maximum Pool Size=60", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", $"--History:SpoolPath={spools[index]}", "--Alerts:Settle=00:00:00",
                    .. arguments.ServerSettings,
                ], arguments.ServerEnvironment);
            child.Heard = line => rig.Keep(index, line);
            return child;
        });
        rig.IsUp = [.. http.Select(_ => true)];
        await rig.WaitUntilReady(cancel);
        return rig;
    }

    public void Say(string what) => Line($"{DateTime.UtcNow:HH:mm:ss.fff} {Clock.Elapsed.TotalSeconds,8:0.000} s  {what}");

    public Uri Address(int index) => new($"http://127.0.0.1:{Ports[index]}");

    public async Task<JsonElement> Get(int index, string path, CancellationToken cancel) => await Http.GetFromJsonAsync<JsonElement>(new Uri(Address(index), path), cancel);

    public async Task Post(int index, string path, object body, CancellationToken cancel)
    {
        using var answer = await Http.PostAsJsonAsync(new Uri(Address(index), path), body, cancel);
        if (!answer.IsSuccessStatusCode) throw new BenchmarkException($"{path} is answered with {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }

    public double CpuSeconds() => _instances.Sum(instance => ProcessUsage.CpuSecondsOfFamily(instance.Id));

    public async Task WaitUntilReady(CancellationToken cancel)
    {
        for (var index = 0; index < Ports.Count; index++)
        {
            var began = Stopwatch.GetTimestamp();
            while (!await IsReady(index, cancel))
            {
                if (_instances[index].HasEnded) Restart(index);
                if (Stopwatch.GetElapsedTime(began) > Patience) throw new BenchmarkException($"Instance {index} was not ready within {Patience.TotalSeconds} s:\n{string.Join('\n', _log)}");
                await Task.Delay(50, cancel);
            }
        }
    }

    public async Task Take(PlannedFault fault, CancellationToken cancel)
    {
        Say($"{fault.Kind} {(fault.Kind < Fault.Database ? $"of instance {fault.Target}" : "")} for {fault.Lasts.TotalSeconds:0.0} s");
        var instance = _instances[fault.Target];
        switch (fault.Kind)
        {
            case Fault.Kill or Fault.Terminate:
                IsUp[fault.Target] = false;
                if (!await instance.End(fault.Kind == Fault.Kill ? UnixSignal.Kill : UnixSignal.Terminate, TimeSpan.FromSeconds(40))) Say("it did not end by itself: killed");
                await Task.Delay(fault.Lasts, cancel);
                await instance.DisposeAsync();
                Restart(fault.Target);
                break;
            case Fault.Hang:
                IsUp[fault.Target] = false;
                UnixSignal.Stop.SendTo(instance.Id);
                await Task.Delay(fault.Lasts, cancel);
                UnixSignal.Continue.SendTo(instance.Id);
                for (var began = Clock.Elapsed; !instance.HasEnded && Clock.Elapsed - began < WakeTime;) await Task.Delay(50, cancel);
                break;
            case Fault.Database:
                await Postgres.Crash();
                await Task.Delay(fault.Lasts, cancel);
                await Postgres.Resume(cancel);
                break;
            case Fault.Broker:
                await Broker.Process.End(UnixSignal.Terminate, TimeSpan.FromSeconds(20));
                await Task.Delay(fault.Lasts, cancel);
                await Broker.Resume(cancel);
                break;
        }

        var back = Clock.Elapsed;
        await WaitUntilReady(cancel);
        IsUp[fault.Target] = true;
        Say($"all ready {(Clock.Elapsed - back).TotalSeconds:0.0} s later");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances) await instance.DisposeAsync();
        await Broker.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    // A process that wakes after it was declared dead ends by itself; a service manager starts it again.
    void Restart(int index)
    {
        Say($"instance {index} is started again");
        _instances[index] = _start(index);
    }

    async Task<bool> IsReady(int index, CancellationToken cancel)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address(index), "/health/ready"), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Adds a line to the log that is shown after a failure.</summary>
    public void Note(string line) => Keep(-1, line);

    void Keep(int index, string line)
    {
        _log.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {Clock.Elapsed.TotalSeconds,8:0.000} s  {index}: {line}");
        if (_log.Count > LogLines) _log.TryDequeue(out _);
    }
}
