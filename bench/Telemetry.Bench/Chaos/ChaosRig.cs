using System.Collections.Concurrent;
using System.Diagnostics;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Chaos;

/// <summary>Memory present at a time of a process's life.</summary>
sealed record MemorySample(int Process, double Seconds, double Mib);

/// <summary>Server, database and broker, each of which can be hit.</summary>
sealed class ChaosRig : IAsyncDisposable
{
    const int LogLines = 1000;

    readonly SemaphoreSlim _serverGate = new(1);
    readonly SemaphoreSlim _databaseGate = new(1);
    readonly SemaphoreSlim _brokerGate = new(1);
    readonly ConcurrentQueue<string> _log = new();
    Func<Server> _startServer = null!;

    public Postgres Postgres { get; private set; } = null!;

    public string Store { get; private set; } = "";

    public Mosquitto Broker { get; private set; } = null!;

    public Server Server { get; private set; } = null!;

    /// <summary>Output of server and broker, with times.</summary>
    public IEnumerable<string> Log => _log;

    public Stopwatch Clock { get; } = Stopwatch.StartNew();

    public long StartedAt { get; private set; }

    public static async Task<ChaosRig> Start(TempFolder folder, string published, Arguments arguments, int inflight, CancellationToken cancel)
    {
        var rig = new ChaosRig();
        try
        {
            rig.Postgres = await Postgres.Start(folder, cancel);
            rig.Store = await rig.Postgres.CreateDatabase(cancel);
            // Asked to end, it saves everything.
            rig.Broker = await Mosquitto.Start(folder, cancel, "persistence true", $"persistence_location {Directory.CreateDirectory(folder.NewPath("mosquitto")).FullName}/", "autosave_interval 0",
                "max_queued_messages 0", $"max_inflight_messages {inflight}");
            var spool = folder.NewPath("spool.db");
            rig._startServer = () =>
            {
                var server = Server.Start(folder, published, arguments,
                    $"--ConnectionStrings:Telemetry={rig.Store}", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={rig.Broker.Port}", $"--History:SpoolPath={spool}");
                server.Process.Heard = line => rig.Keep("server", line);
                return server;
            };
            rig.Broker.Process.Heard = line => rig.Keep("broker", line);
            rig.Server = rig._startServer();
            await rig.Server.WaitUntilReady(cancel); // From now on the broker keeps messages for it.
            await rig.Server.WaitUntilDirect(cancel);
            rig.Clock.Restart();
            rig.StartedAt = Stopwatch.GetTimestamp();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public void Say(string what) => Line($"{Clock.Elapsed.TotalSeconds,8:0.000} s  {what}");

    public async Task Take(Hit hit, CancellationToken cancel)
    {
        if (hit.At > Clock.Elapsed) await Task.Delay(hit.At - Clock.Elapsed, cancel);
        var gate = hit.Blow switch { Blow.KillServer or Blow.EndServer => _serverGate, Blow.EndBroker => _brokerGate, _ => _databaseGate };
        await gate.WaitAsync(cancel);
        try
        {
            Say($"#{hit.Number} {hit.Blow} for {hit.Lasts.TotalSeconds:0.000} s");
            switch (hit.Blow)
            {
                case Blow.KillServer or Blow.EndServer:
                    var isKill = hit.Blow == Blow.KillServer;
                    Server.Process.MustRun();
                    if (!await Server.Process.End(isKill ? UnixSignal.Kill : UnixSignal.Terminate, TimeSpan.FromSeconds(40))) Say($"#{hit.Number} the server did not end by itself: killed");
                    await Task.Delay(hit.Lasts, cancel);
                    await Server.DisposeAsync();
                    Server = _startServer();
                    break;
                case Blow.CrashDatabase:
                    await Postgres.Crash();
                    await Task.Delay(hit.Lasts, cancel);
                    await Postgres.Resume(cancel);
                    break;
                case Blow.FreezeDatabase:
                    Postgres.Freeze();
                    await Task.Delay(hit.Lasts, cancel);
                    Postgres.Thaw();
                    break;
                case Blow.EndBroker:
                    if (!await Broker.Process.End(UnixSignal.Terminate, TimeSpan.FromSeconds(20))) throw new BenchmarkException("Mosquitto did not end, and cannot have saved what it holds.");
                    if (Log.LastOrDefault(line => line.Contains(" broker: ", StringComparison.Ordinal) && line.Contains("Error", StringComparison.Ordinal)) is { } error)
                        throw new BenchmarkException($"Mosquitto may not have saved what it holds: {error.Trim()}");
                    await Task.Delay(hit.Lasts, cancel);
                    await Broker.Resume(cancel);
                    Broker.Process.Heard = line => Keep("broker", line);
                    break;
            }

            Say($"#{hit.Number} over");
        }
        finally
        {
            gate.Release();
        }
    }

    void Keep(string part, string line)
    {
        _log.Enqueue($"{Clock.Elapsed.TotalSeconds,8:0.000} s  {part}: {line}");
        if (_log.Count > LogLines) _log.TryDequeue(out _);
    }

    /// <summary>Looks at the server's resident memory time and again.</summary>
    public async Task<IReadOnlyList<MemorySample>> SampleMemory(TimeSpan interval, CancellationToken end)
    {
        var samples = new List<MemorySample>();
        while (!end.IsCancellationRequested)
        {
            try
            {
                var process = Server.Process;
                samples.Add(new MemorySample(process.Id, Stopwatch.GetElapsedTime(process.StartedAt).TotalSeconds, ProcessUsage.ResidentMib(process.Id)));
            }
            catch (Exception error) when (error is IOException or InvalidOperationException)
            {
                // It is away.
            }

            await Task.Delay(interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return samples;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        if (Broker is not null) await Broker.DisposeAsync();
        if (Postgres is not null) await Postgres.DisposeAsync();
        _serverGate.Dispose();
        _databaseGate.Dispose();
        _brokerGate.Dispose();
    }
}
