using System.Diagnostics;
using System.Text;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Fanout;

/// <summary>Cars that publish in turn, evenly spread, each reading the time at which it was sent.</summary>
sealed class CarPublisher : IDisposable
{
    readonly MqttLink _link;
    readonly byte[][] _topics;
    readonly bool _asLiveMessage;
    int _next;

    CarPublisher(MqttLink link, int cars, bool asLiveMessage)
    {
        (_link, _asLiveMessage) = (link, asLiveMessage);
        _topics = [.. Enumerable.Range(1, cars).Select(car => Encoding.ASCII.GetBytes($"wican/car{car}/rpm"))];
    }

    /// <summary>Connects, and makes the cars known with a value of each signal.</summary>
    /// <param name="contender">Where to.</param>
    /// <param name="cars">How many.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<CarPublisher> Connect(Contender contender, int cars, CancellationToken cancel)
    {
        var publisher = new CarPublisher(await MqttLink.Open(contender.PublishPort, "bench-cars", cancel), cars, contender.IsMqtt);
        if (contender.IsMqtt) return publisher;
        foreach (var car in Enumerable.Range(1, cars))
            publisher._link.Add(Encoding.ASCII.GetBytes($"wican/car{car}/group"), Encoding.ASCII.GetBytes($"{{\"rpm\":1,{EmbeddedTime.OtherSignals}}}"), packetId: 0);
        await publisher._link.Send(cancel);
        await publisher._link.Drain(cancel);
        return publisher;
    }

    /// <summary>Publishes so many messages at a rate, one that is late as soon as it can.</summary>
    /// <returns>How many seconds that took.</returns>
    public async Task<double> Publish(int count, double perSecond, CancellationToken cancel)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < count;)
        {
            var due = Math.Min(count, (int)(Stopwatch.GetElapsedTime(begin).TotalSeconds * perSecond) + 1);
            for (; sent < due; sent++) Add();
            await _link.Send(cancel);
            var wait = TimeSpan.FromSeconds(sent / perSecond) - Stopwatch.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), cancel);
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    public void Dispose() => _link.Dispose();

    void Add()
    {
        var car = _next++ % _topics.Length;
        var value = EmbeddedTime.Now();
        _link.Add(_topics[car], _asLiveMessage ? EmbeddedTime.LiveMessage(car + 1, value) : Encoding.ASCII.GetBytes(value), packetId: 0);
    }
}
