using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Chaos;

/// <summary>One car's dongle that counts upwards at QoS 1 and repeats what was not acknowledged, in order, over the next connection.</summary>
sealed class ChaosPublisher(string device, string[] signals, Func<int> port, double messagesPerSecond, int most)
{
    const int Window = 200;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(50);

    readonly byte[] _topic = Encoding.ASCII.GetBytes(signals.Length == 1 ? $"wican/{device}/{signals[0]}" : $"wican/{device}/group");
    readonly Queue<int> _unacknowledged = new();
    readonly byte[] _attempts = new byte[most + 1];
    readonly bool[] _acknowledged = new bool[most + 1];
    readonly long[] _publishedAt = new long[most + 1];

    public string Device => device;

    /// <summary>Each gets every value.</summary>
    public IReadOnlyList<string> Signals => signals;

    /// <summary>The highest value so far; 1 was the first.</summary>
    public int Last { get; private set; }

    public int Acknowledged { get; private set; }

    /// <summary>Messages sent more than once.</summary>
    public int Repeated { get; private set; }

    /// <summary>Number of times that a value was sent.</summary>
    public int Attempts(int value) => _attempts[value];

    public bool IsAcknowledged(int value) => _acknowledged[value];

    /// <summary>First sending of a value, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long PublishedAt(int value) => _publishedAt[value];

    /// <summary>Publishes until told to end, then until all is acknowledged.</summary>
    public async Task Run(CancellationToken ending, CancellationToken cancel)
    {
        while (!ending.IsCancellationRequested || _unacknowledged.Count > 0)
        {
            try
            {
                using var link = await MqttLink.Open(port(), $"chaos-{device}", cancel);
                foreach (var value in _unacknowledged) Add(link, value);
                await link.Send(cancel);
                await RunOver(link, ending, cancel);
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                await Task.Delay(BeforeNextTry, cancel);
            }
        }
    }

    async Task RunOver(MqttLink link, CancellationToken ending, CancellationToken cancel)
    {
        var lastTick = Stopwatch.GetTimestamp();
        var due = 0.0;
        while (!ending.IsCancellationRequested || _unacknowledged.Count > 0)
        {
            var now = Stopwatch.GetTimestamp();
            due = Math.Min(Window, due + messagesPerSecond * Stopwatch.GetElapsedTime(lastTick, now).TotalSeconds);
            lastTick = now;
            for (; due >= 1 && _unacknowledged.Count < Window && Last < most && !ending.IsCancellationRequested; due--)
            {
                Last++;
                _publishedAt[Last] = now;
                _unacknowledged.Enqueue(Last);
                Add(link, Last);
            }

            await link.Send(cancel);
            while (link.HasAnswers)
            {
                foreach (var packetId in await link.Answers(cancel))
                {
                    var value = _unacknowledged.Dequeue();
                    if (packetId != PacketId(value)) throw new BenchmarkException($"The broker acknowledges {packetId} where {PacketId(value)} is due.");
                    _acknowledged[value] = true;
                    Acknowledged++;
                }
            }

            await Task.Delay(Tick, cancel);
        }
    }

    void Add(MqttLink link, int value)
    {
        var isAgain = _attempts[value]++ > 0;
        if (isAgain) Repeated++;
        var payload = signals.Length == 1 ? $"{value}" : $"{{{string.Join(',', signals.Select(signal => $"\"{signal}\":{value}"))}}}";
        link.Add(_topic, Encoding.ASCII.GetBytes(payload), PacketId(value), isAgain);
    }

    static ushort PacketId(int value) => (ushort)(value % ushort.MaxValue + 1);
}
