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
/// reading stored twice. Thread-safe for one caller that receives and one that acknowledges.
/// </remarks>
sealed class DeliveryLog : IDisposable
{
    const int Slots = ushort.MaxValue + 1;

    static readonly long RecordSize = Unsafe.SizeOf<Record>();
    static readonly long MarkAt = RecordSize - sizeof(long); // The last of its fields.

    /// <summary>Messages that the broker may have under way to us.</summary>
    /// <remarks>No more than half of all identifiers, so that they never meet in an identifier. Mosquitto before 2.0.12 exceeds it.</remarks>
    public const ushort MostInFlight = Lap - 1;

    // Identifiers are given out in turn. What was acknowledged more than half of them ago is an earlier message with the same one.
    const int Lap = Slots / 2;

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
        var isItsOwn = !record.IsAcknowledged || Volatile.Read(ref _sequence) - record.Sequence < Lap;
        return record.Ticks > 0 && isItsOwn && record.Hash == Hash(message) ? new DateTime(record.Ticks, DateTimeKind.Utc) : null;
    }

    /// <summary>Notes an arrival.</summary>
    public void Arrived(ushort packetId, MqttApplicationMessage message, DateTime at)
    {
        var record = new Record(Hash(message), at.Ticks, Interlocked.Increment(ref _sequence));
        _records.Write(Offset(packetId), ref record);
    }

    /// <summary>Notes that the broker is about to be told; whether that reaches it is not known.</summary>
    public void Acknowledged(ushort packetId) => _records.Write(Offset(packetId) + MarkAt, -Volatile.Read(ref _sequence));

    /// <summary>Forgets everything: the broker has, and will deliver nothing again.</summary>
    public void Clear() => _records.WriteArray(0, new Record[Slots], 0, Slots);

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

    /// <param name="Hash">Of topic and payload.</param>
    /// <param name="Ticks">When it arrived, UTC; 0: nothing ever did.</param>
    /// <param name="Mark">Messages that had arrived with it; once it is acknowledged, minus those that had arrived by then.</param>
    readonly record struct Record(ulong Hash, long Ticks, long Mark)
    {
        public bool IsAcknowledged => Mark < 0;

        public long Sequence => Math.Abs(Mark);
    }
}
