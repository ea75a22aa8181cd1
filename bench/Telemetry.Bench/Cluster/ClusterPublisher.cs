using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Cluster;

/// <summary>A fleet that counts upwards at QoS 1, over one connection, and repeats what was not acknowledged.</summary>
sealed class ClusterPublisher(Func<int> port, int vehicles, double perVehicle)
{
    const int Window = 2000;

    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(100);

    readonly byte[][] _topics = [.. Enumerable.Range(0, vehicles).Select(vehicle => Encoding.ASCII.GetBytes($"wican/{DeviceOf(vehicle)}/group"))];
    readonly Queue<int> _unacknowledged = new();
    readonly HashSet<int> _repeated = [];

    readonly ConcurrentDictionary<int, long> _publishedAt = new();

    /// <summary>Time since the first sending of a vehicle's value.</summary>
    public TimeSpan Since(int vehicle, int value) => _publishedAt.TryGetValue((value - 1) * vehicles + vehicle, out var at) ? Stopwatch.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>Messages so far. Message i is of vehicle i modulo their number, with the value i divided by it, from 1.</summary>
    public int Count { get; private set; }

    public int Acknowledged { get; private set; }

    public int Repeated => _repeated.Count;

    public static string DeviceOf(int vehicle) => $"car{vehicle.ToString(CultureInfo.InvariantCulture)}";

    public bool IsRepeated(int message) => _repeated.Contains(message);

    public async Task Run(CancellationToken ending, CancellationToken cancel)
    {
        while (!ending.IsCancellationRequested || _unacknowledged.Count > 0)
        {
            try
            {
                using var link = await MqttLink.Open(port(), "fleet", cancel);
                foreach (var message in _unacknowledged)
                {
                    _repeated.Add(message);
                    Add(link, message, isAgain: true);
                }

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
            due = Math.Min(vehicles * perVehicle, due + vehicles * perVehicle * Stopwatch.GetElapsedTime(lastTick, now).TotalSeconds);
            lastTick = now;
            for (; due >= 1 && _unacknowledged.Count < Window && !ending.IsCancellationRequested; due--)
            {
                _unacknowledged.Enqueue(Count);
                _publishedAt[Count] = Stopwatch.GetTimestamp();
                Add(link, Count++, isAgain: false);
            }

            await link.Send(cancel);
            while (link.HasAnswers)
            {
                foreach (var packetId in await link.Answers(cancel))
                {
                    var message = _unacknowledged.Dequeue();
                    if (packetId != PacketId(message)) throw new BenchmarkException($"The broker acknowledges {packetId} where {PacketId(message)} is due.");
                    Acknowledged++;
                }
            }

            await Task.Delay(Tick, cancel);
        }
    }

    void Add(MqttLink link, int message, bool isAgain)
    {
        var value = message / vehicles + 1;
        link.Add(_topics[message % vehicles], Encoding.ASCII.GetBytes($"{{\"odometer\":{value},\"distance\":{value}}}"), PacketId(message), isAgain);
    }

    static ushort PacketId(int message) => (ushort)(message % ushort.MaxValue + 1);
}
