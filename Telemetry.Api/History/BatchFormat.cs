using System.Text;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Readings as bytes, by the names of their vehicles and signals: numbers of a store that is away are not known.</summary>
/// <remarks>
/// A version byte; the vehicles' keys; the signals (each list: count, then strings); the number of entries, and of each: vehicle, count of
/// readings, and of each: signal, microseconds since 1970 UTC, value. Integers are 7-bit encoded, strings UTF-8.
/// </remarks>
static class BatchFormat
{
    const byte Version = 1;

    public static byte[] Write(IReadOnlyList<HistoryEntry> entries)
    {
        // Read once: a vehicle may be merged meanwhile.
        var keysOfEntries = entries.Select(entry => entry.Vehicle!.Current.Key).ToArray();
        var keys = Numbered(keysOfEntries);
        var signals = Numbered(entries.SelectMany(entry => entry.Readings).Select(reading => reading.Signal.Name));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        Write(writer, keys);
        Write(writer, signals);
        writer.Write7BitEncodedInt(entries.Count);
        foreach (var (entry, key) in entries.Zip(keysOfEntries))
        {
            writer.Write7BitEncodedInt(keys[key]);
            writer.Write7BitEncodedInt(entry.Readings.Length);
            foreach (var reading in entry.Readings)
            {
                writer.Write7BitEncodedInt(signals[reading.Signal.Name]);
                writer.Write((reading.At.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                writer.Write(reading.Value);
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are of a later version.</exception>
    public static IEnumerable<HistoryEntry> Read(byte[] content, VehicleRegistry vehicles, SignalCatalog catalog)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        if (reader.ReadByte() != Version) throw new InvalidDataException("The spool is of a later version of this program.");
        var keys = Strings(reader);
        var signals = Strings(reader);
        var count = reader.Read7BitEncodedInt();
        for (var i = 0; i < count; i++)
        {
            var vehicle = vehicles.Keyed(keys[reader.Read7BitEncodedInt()]);
            var readings = new List<Reading>();
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
            {
                var name = signals[reader.Read7BitEncodedInt()];
                var at = DateTime.UnixEpoch.AddMicroseconds(reader.ReadInt64());
                var value = reader.ReadDouble();
                if (catalog.TryNamed(name, out var signal) && signal is not null) readings.Add(new Reading(signal, value, at));
            }

            yield return new HistoryEntry(vehicle, [.. readings], null);
        }
    }

    static Dictionary<string, int> Numbered(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>();
        foreach (var name in names) numbers.TryAdd(name, numbers.Count);
        return numbers;
    }

    static void Write(BinaryWriter writer, Dictionary<string, int> names)
    {
        writer.Write7BitEncodedInt(names.Count);
        foreach (var name in names.Keys) writer.Write(name); // A dictionary that nothing was removed from keeps its order.
    }

    static List<string> Strings(BinaryReader reader)
    {
        var strings = new List<string>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--) strings.Add(reader.ReadString());
        return strings;
    }
}
