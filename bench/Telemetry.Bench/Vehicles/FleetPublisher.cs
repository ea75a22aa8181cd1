using System.Diagnostics;
using System.Globalization;
using System.Text;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Vehicles;

/// <summary>Part of a fleet on one connection: each vehicle sends a reading a second, QoS 0, in turn and evenly spread.</summary>
sealed class FleetPublisher : IDisposable
{
    readonly MqttLink _link;
    readonly byte[][] _topics;
    int _next;

    FleetPublisher(MqttLink link, IEnumerable<int> vehicles) =>
        (_link, _topics) = (link, [.. vehicles.Select(vehicle => Encoding.ASCII.GetBytes($"wican/v{vehicle}/rpm"))]);

    public static async Task<FleetPublisher> Connect(int port, string name, IEnumerable<int> vehicles, CancellationToken cancel) =>
        new(await MqttLink.Open(port, name, cancel), vehicles);

    /// <summary>One reading of each vehicle, as fast as the broker takes them; all of them are taken on return.</summary>
    public async Task SendOnce(CancellationToken cancel)
    {
        for (var i = 0; i < _topics.Length; i++)
        {
            Add();
            if (i % 100 == 99) await _link.Send(cancel);
        }

        await _link.Send(cancel);
        await _link.Drain(cancel);
    }

    /// <summary>Sends for a time, one that is late as soon as it can; what the broker has not taken by then is not sent.</summary>
    /// <returns>How many readings were taken.</returns>
    public async Task<long> Send(double seconds, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        var sent = 0L;
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds is var elapsed && elapsed < seconds)
        {
            var due = Math.Min(sent + 100, (long)(elapsed * _topics.Length));
            if (sent == due) await Task.Delay(1, cancel);
            for (; sent < due; sent++) Add();
            await _link.Send(cancel);
        }

        await _link.Drain(cancel);
        return sent;
    }

    public void Dispose() => _link.Dispose();

    void Add()
    {
        var value = (_next % 8000).ToString(CultureInfo.InvariantCulture);
        _link.Add(_topics[_next++ % _topics.Length], Encoding.ASCII.GetBytes(value), packetId: 0);
    }
}
