using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Vehicles;

/// <summary>A browser that notes how long after a vehicle's last reading it hears that the vehicle is offline.</summary>
sealed class OfflineWatch : Subscriber
{
    readonly HashSet<int> _running = [];
    readonly List<double> _seconds = [];

    /// <summary>From the last reading to the message, for each vehicle that was running before. Seconds.</summary>
    public IReadOnlyList<double> Seconds
    {
        get
        {
            lock (_seconds) return [.. _seconds];
        }
    }

    /// <summary>Vehicles that it has heard to be running.</summary>
    public int Running
    {
        get
        {
            lock (_seconds) return _running.Count;
        }
    }

    public static async Task<OfflineWatch> Connect(Uri address, CancellationToken cancel)
    {
        var watch = new OfflineWatch();
        await watch.Connect(address, subprotocol: null, hello: [], cancel);
        return watch;
    }

    protected override int Parse(ReadOnlySpan<byte> unread, bool endOfMessage, long at)
    {
        if (!endOfMessage) return 0;
        if (!Utf8Parser.TryParse(Behind(unread, "\"vehicle_id\":"u8), out int vehicle, out _)) return unread.Length;
        lock (_seconds)
        {
            if (unread.IndexOf("\"state\":\"running\""u8) >= 0) _running.Add(vehicle);
            else if (_running.Remove(vehicle)) _seconds.Add((DateTime.UtcNow - TimeIn(unread)).TotalSeconds);
        }

        return unread.Length;
    }

    static DateTime TimeIn(ReadOnlySpan<byte> message)
    {
        var time = Behind(message, "\"timestamp\":\""u8);
        return DateTime.Parse(Encoding.ASCII.GetString(time[..time.IndexOf((byte)'"')]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
    }

    static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> message, ReadOnlySpan<byte> key) => message[(message.IndexOf(key) + key.Length)..];
}
