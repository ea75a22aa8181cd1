using System.Text;
using System.Text.Json;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Binary format of a spooled batch. Vehicles and signals are stored by name: their ids in the store are unknown while it is unavailable.</summary>
/// <remarks>
/// A version byte; the vehicles' keys; the signals (each list: count, then strings); the number of entries, and of each: kind, vehicle from
/// 1 (0: none), and its content. Of readings: count, and of each: signal, microseconds since 1970 UTC, value. Of an alert: JSON as a
/// string. Integers are 7-bit encoded, strings UTF-8. Version 1 had only readings: no kind, vehicles from 0.
/// </remarks>
static class BatchFormat
{
    const byte FirstVersion = 1;
    const byte Version = 2;

    enum Kind : byte
    {
        Readings,
        Alert,
    }

    public static byte[] Write(IReadOnlyList<HistoryEntry> entries)
    {
        entries = HistoryEntry.OfExisting(entries);
        // Read once: a vehicle may be merged meanwhile.
        var keysOfEntries = entries.Select(entry => entry.Vehicle?.Current.Key).ToArray();
        var keys = Numbered(keysOfEntries.OfType<string>());
        var signals = Numbered(entries.SelectMany(entry => entry.Readings).Select(reading => reading.Signal.Name));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        Write(writer, keys);
        Write(writer, signals);
        writer.Write7BitEncodedInt(entries.Count);
        foreach (var (entry, key) in entries.Zip(keysOfEntries))
        {
            writer.Write((byte)(entry.Alert is null ? Kind.Readings : Kind.Alert));
            writer.Write7BitEncodedInt(key is null ? 0 : keys[key] + 1);
            if (entry.Alert is not null) writer.Write(JsonSerializer.Serialize(AlertRow.Of(entry.Alert), HistoryJson.Default.AlertRow));
            else Write(writer, entry.Readings, signals);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">If the bytes are of a later version.</exception>
    public static IEnumerable<HistoryEntry> Read(byte[] content, VehicleRegistry vehicles, SignalCatalog catalog)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        var version = reader.ReadByte();
        if (version is not (FirstVersion or Version)) throw new InvalidDataException("The spool is of a later version of this program.");
        var keys = Strings(reader);
        var signals = Strings(reader);
        var count = reader.Read7BitEncodedInt();
        for (var i = 0; i < count; i++)
        {
            var kind = version == FirstVersion ? Kind.Readings : (Kind)reader.ReadByte();
            var number = reader.Read7BitEncodedInt() - (version == FirstVersion ? 0 : 1);
            var vehicle = number < 0 ? null : vehicles.Keyed(keys[number]);
            yield return kind == Kind.Readings
                ? new HistoryEntry(vehicle, ReadReadings(reader, signals, catalog), null)
                : new HistoryEntry(vehicle, [], null, Alert: JsonSerializer.Deserialize(reader.ReadString(), HistoryJson.Default.AlertRow)!.ToAlert(vehicle, catalog));
        }
    }

    /// <summary>The batch without the entries of a vehicle, and its number of rows; null if it has no such entries.</summary>
    public static (byte[] Content, long Rows)? Without(byte[] content, string key)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        var version = reader.ReadByte();
        var index = Strings(reader).IndexOf(key);
        if (index < 0 || version is not (FirstVersion or Version)) return null;
        Strings(reader);
        var start = (int)reader.BaseStream.Position;
        var left = new List<(int From, int To)>();
        var rows = 0L;
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            var from = (int)reader.BaseStream.Position;
            var kind = version == FirstVersion ? Kind.Readings : (Kind)reader.ReadByte();
            var isOfVehicle = reader.Read7BitEncodedInt() - (version == FirstVersion ? 0 : 1) == index;
            var rowsOfEntry = Skip(reader, kind);
            if (isOfVehicle) continue;
            left.Add((from, (int)reader.BaseStream.Position));
            rows += rowsOfEntry;
        }

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(content.AsSpan(0, start));
        writer.Write7BitEncodedInt(left.Count);
        foreach (var (from, to) in left) writer.Write(content.AsSpan(from, to - from));
        writer.Flush();
        return (bytes.ToArray(), rows);
    }

    static int Skip(BinaryReader reader, Kind kind)
    {
        if (kind == Kind.Alert)
        {
            reader.ReadString();
            return 1;
        }

        var count = reader.Read7BitEncodedInt();
        for (var left = count; left > 0; left--)
        {
            reader.Read7BitEncodedInt();
            reader.ReadInt64();
            reader.ReadDouble();
        }

        return count;
    }

    static void Write(BinaryWriter writer, Reading[] readings, Dictionary<string, int> signals)
    {
        writer.Write7BitEncodedInt(readings.Length);
        foreach (var reading in readings)
        {
            writer.Write7BitEncodedInt(signals[reading.Signal.Name]);
            writer.Write((reading.At.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
            writer.Write(reading.Value);
        }
    }

    static Reading[] ReadReadings(BinaryReader reader, List<string> signals, SignalCatalog catalog)
    {
        var readings = new List<Reading>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var name = signals[reader.Read7BitEncodedInt()];
            var at = DateTime.UnixEpoch.AddMicroseconds(reader.ReadInt64());
            var value = reader.ReadDouble();
            if (catalog.TryNamed(name, out var signal) && signal is not null) readings.Add(new Reading(signal, value, at));
        }

        return [.. readings];
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
        foreach (var name in names.Keys) writer.Write(name); // A dictionary without removals keeps its order.
    }

    static List<string> Strings(BinaryReader reader)
    {
        var strings = new List<string>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--) strings.Add(reader.ReadString());
        return strings;
    }
}
