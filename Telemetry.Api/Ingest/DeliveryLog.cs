using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Text;
using MQTTnet;

namespace Telemetry.Api.Ingest;

/// <summary>Remembers when each message arrived, by its packet identifier, so that one delivered again is the same reading again.</summary>
/// <remarks>
/// A broker repeats, with the same identifier and the DUP flag, what it has no acknowledgement for. Whether the first delivery had
/// come through, a process that was killed in between can only know from a file. This one is mapped into memory: a record is a few
/// bytes written there, and outlives the process without a system call. A power cut may cost the newest records; the price is a
/// reading stored twice. Identifiers are given out in turn and return after 65,535 messages, hence <see cref="Lap"/>.
/// </remarks>
sealed class DeliveryLog : IDisposable
{
    const int Slots = ushort.MaxValue + 1;

    static readonly long RecordSize = Unsafe.SizeOf<Record>();

    // A record that is more than half of all identifiers old is of an earlier message with the same one.
    const long Lap = Slots / 2;

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _records;
    long _sequence;

    /// <param name="path">The file; made where it is missing.</param>
    public DeliveryLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Slots * RecordSize);
        _records = _file.CreateViewAccessor();

        for (var slot = 0; slot < Slots; slot++) _sequence = Math.Max(_sequence, Read((ushort)slot).Sequence);
    }

    /// <summary>When a message that is delivered again arrived the first time; null where it did not.</summary>
    public DateTime? FirstArrival(ushort packetId, MqttApplicationMessage message)
    {
        var record = Read(packetId);
        return record.Sequence > 0 && _sequence - record.Sequence < Lap && record.Hash == Hash(message) ? new DateTime(record.Ticks, DateTimeKind.Utc) : null;
    }

    /// <summary>Notes an arrival.</summary>
    public void Arrived(ushort packetId, MqttApplicationMessage message, DateTime at)
    {
        var record = new Record(Hash(message), at.Ticks, ++_sequence);
        _records.Write(Offset(packetId), ref record);
    }

    public void Dispose()
    {
        _records.Dispose();
        _file.Dispose();
    }

    Record Read(ushort packetId)
    {
        _records.Read<Record>(Offset(packetId), out var record);
        return record;
    }

    static long Offset(ushort packetId) => packetId * RecordSize;

    static ulong Hash(MqttApplicationMessage message)
    {
        var hash = new XxHash3();
        hash.Append(Encoding.UTF8.GetBytes(message.Topic));
        foreach (var part in message.Payload) hash.Append(part.Span);
        return hash.GetCurrentHashAsUInt64();
    }

    readonly record struct Record(ulong Hash, long Ticks, long Sequence);
}
