using System.Buffers.Text;
using System.Diagnostics;
using System.Net.WebSockets;

namespace Telemetry.Bench.Cluster;

/// <summary>A page that shows all vehicles, and goes to another instance when its own is gone or silent.</summary>
sealed class ClusterWatcher(ClusterRig rig, int home, int vehicles, ClusterPublisher fleet, IReadOnlyDictionary<int, int> ids)
{
    static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(2);

    readonly Dictionary<int, Shown> _shown = [];
    readonly List<(TimeSpan At, TimeSpan Gap)> _gaps = [];

    public int Home => home;

    public long Messages { get; private set; }

    /// <summary>Values older than one shown before.</summary>
    public int Older { get; private set; }

    /// <summary>Vehicles shown as offline, though they publish.</summary>
    public int FalseOffline { get; private set; }

    public int Reconnects { get; private set; }

    /// <summary>Longest time from the loss of an instance to a snapshot of all vehicles of another one.</summary>
    public TimeSpan LongestReconnect { get; private set; }

    /// <summary>Milliseconds from the publisher to this page.</summary>
    public List<double> Latencies { get; } = [];

    public List<string> Examples { get; } = [];

    /// <summary>Longest time without a message of a vehicle that ended within a range of the run.</summary>
    public TimeSpan LongestGap(TimeSpan from, TimeSpan to) => Longest(from, to).Gap;

    /// <summary>The same, with the time at which it ended.</summary>
    public (TimeSpan At, TimeSpan Gap) Longest(TimeSpan from, TimeSpan to)
    {
        lock (_gaps) return _gaps.Where(gap => gap.At >= from && gap.At <= to).DefaultIfEmpty().MaxBy(gap => gap.Gap);
    }

    public async Task Run(CancellationToken ending)
    {
        var (index, lostAt) = (home, 0L);
        while (!ending.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                using var connecting = CancellationTokenSource.CreateLinkedTokenSource(ending);
                connecting.CancelAfter(MaxSilence);
                await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Ports[index]}/ws/telemetry?signals=odometer"), connecting.Token);
                foreach (var shown in _shown.Values) shown.At = null;
                await Receive(socket, lostAt, ending);
            }
            catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
            {
                if (ending.IsCancellationRequested) return;
            }

            if (lostAt == 0 || _received > 0) Reconnects++;
            if (lostAt == 0 || _received > 0) lostAt = Stopwatch.GetTimestamp();
            _received = 0;
            index = (index + 1) % rig.Ports.Count;
            await Task.Delay(20, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    int _received;

    async Task Receive(ClientWebSocket socket, long lostAt, CancellationToken ending)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        var fresh = new HashSet<int>();
        while (!ending.IsCancellationRequested)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(ending);
            silence.CancelAfter(MaxSilence);
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), silence.Token);
            if (received.MessageType == WebSocketMessageType.Close) return;
            filled += received.Count;
            if (!received.EndOfMessage) continue;
            var vehicle = Take(buffer.AsSpan(0, filled));
            filled = 0;
            _received++;
            if (lostAt != 0 && vehicle > 1 && fresh.Add(vehicle) && fresh.Count == vehicles)
            {
                LongestReconnect = TimeSpan.FromTicks(Math.Max(LongestReconnect.Ticks, Stopwatch.GetElapsedTime(lostAt).Ticks));
                lostAt = 0;
            }
        }
    }

    int Take(ReadOnlySpan<byte> message)
    {
        var vehicle = Number(message, "\"vehicle_id\":"u8);
        var value = Number(message, "\"odometer\":"u8);
        Messages++;
        if (vehicle <= 1) return vehicle;
        if (!_shown.TryGetValue(vehicle, out var shown)) _shown[vehicle] = shown = new Shown();
        if (message.IndexOf("\"state\":\"offline\""u8) >= 0 && value > 0)
        {
            FalseOffline++;
            Example($"vehicle {vehicle} is offline with {value}");
        }

        if (value < shown.Value)
        {
            Older++;
            Example($"vehicle {vehicle} shows {value} after {shown.Value}");
        }

        var now = rig.Clock.Elapsed;
        if (value > shown.Value)
        {
            lock (_gaps)
            {
                if (shown.At is { } before) _gaps.Add((now, now - before));
            }

            (shown.Value, shown.At) = (value, now);
            if (ids.TryGetValue(vehicle, out var car)) Latencies.Add(fleet.Since(car, value).TotalMilliseconds);
        }

        return vehicle;
    }

    void Example(string text)
    {
        if (Examples.Count < 10) Examples.Add($"{rig.Clock.Elapsed.TotalSeconds,8:0.000} s  page {home}: {text}");
    }

    static int Number(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key) =>
        message.IndexOf(key) is var at and >= 0 && Utf8Parser.TryParse(message[(at + key.Length)..], out int number, out _) ? number : -1;

    sealed class Shown
    {
        public int Value { get; set; }

        public TimeSpan? At { get; set; }
    }
}
