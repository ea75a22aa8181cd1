using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Telemetry.Bench.Fanout;

/// <summary>The time of a publish, carried through every contender as an engine speed: seconds of the machine's clock in millionths.</summary>
static class EmbeddedTime
{
    /// <summary>Below the highest engine speed that the server takes.</summary>
    const long Cycle = 16_000_000_000;

    /// <summary>The time now, as a value of the signal.</summary>
    public static string Now() => (Microseconds(Stopwatch.GetTimestamp()) % Cycle / 1e6).ToString("F6", CultureInfo.InvariantCulture);

    /// <summary>A live message of the server that holds a value.</summary>
    public static byte[] LiveMessage(int vehicle, string value) => Encoding.ASCII.GetBytes(
        $$"""{"type":"telemetry_update","state":"running","data":{"vehicle_id":{{vehicle}},"rpm":{{value}},{{OtherSignals}}},"timestamp":"2025-11-27T16:04:47.234000"}""");

    /// <summary>The other five signals as JSON.</summary>
    public const string OtherSignals = """
        "vehicle_speed":65.5,"coolant_temperature":87.3,"engine_load":45.2,"control_module_voltage":13.8,"fuel_rail_pressure":350.2
        """;

    /// <summary>Milliseconds from the publish to the arrival of a live message; null where it holds no value.</summary>
    /// <param name="message">The message, or an MQTT packet that holds it.</param>
    /// <param name="at">Its arrival, a <see cref="Stopwatch"/> timestamp.</param>
    public static float? Latency(ReadOnlySpan<byte> message, long at)
    {
        var key = "\"rpm\":"u8;
        var found = message.IndexOf(key);
        if (found < 0 || !Utf8Parser.TryParse(message[(found + key.Length)..], out double seconds, out _)) return null;
        var elapsed = Microseconds(at) % Cycle - (long)Math.Round(seconds * 1e6);
        return (elapsed < 0 ? elapsed + Cycle : elapsed) / 1000f;
    }

    static long Microseconds(long timestamp) => timestamp / (Stopwatch.Frequency / 1_000_000);
}
