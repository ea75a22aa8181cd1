using System.Diagnostics;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Text;
using MQTTnet;
using Telemetry.Api.Store;

namespace Telemetry.Api.Ingest;

/// <summary>Remembers when each message arrived, by its packet identifier, so that one delivered again is the same reading again.</summary>
/// <remarks>
/// A broker repeats, with the same identifier and the DUP flag, what it has no acknowledgement for. Whether the first delivery had
/// come through, a process that was killed in between can only know from a file. This one is mapped into memory: a record is a few
/// bytes written there, and outlives the process without a system call. A power cut may cost the newest records; the price is a
/// reading stored twice. The file has all its blocks before it is mapped: a page without one would end the process on a full disk.
/// On a disk that has no room for them the records are kept in memory until it has. Thread-safe.
/// </remarks>
sealed class DeliveryLog : IDisposable
{
    const int Slots = ushort.MaxValue + 1;

    static readonly long RecordSize = Unsafe.SizeOf<Record>();

    /// <summary>Messages that the broker may have under way to us.</summary>
    /// <remarks>No more than half of all identifiers, so that they never meet in an identifier. Mosquitto before 2.0.12 exceeds it.</remarks>
    public const ushort MostInFlight = Lap - 1;

    // Identifiers are given out in turn. What was acknowledged more than half of them ago is an earlier message with the same one.
    const int Lap = Slots / 2;

    static readonly TimeSpan BeforeNextTry = TimeSpan.FromMinutes(1);

    readonly string _path;
    readonly long _sequenceAtStart;
    readonly Lock _gate = new();
    MemoryMappedFile? _file;
    MemoryMappedViewAccessor? _mapped;
    Record[]? _inMemory;
    long _triedAt;
    long _sequence;

    /// <param name="path">The file; made where it is missing.</param>
    /// <exception cref="IOException">It cannot be used, for another reason than a full disk.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be used.</exception>
    public DeliveryLog(string path)
    {
        _path = path;
        TryMap();
        for (var slot = 0; slot < Slots; slot++) _sequence = Math.Max(_sequence, Read((ushort)slot).Sequence);
        _sequenceAtStart = _sequence;
    }

    /// <summary>When a message that is delivered again arrived the first time; null where it did not.</summary>
    public DateTime? FirstArrival(ushort packetId, MqttApplicationMessage message)
    {
        lock (_gate)
        {
            var record = Read(packetId);
            var isItsOwn = !record.IsAcknowledged || _sequence - record.Sequence < Lap;
            return record.Ticks > 0 && isItsOwn && record.Hash == Hash(message) ? new DateTime(record.Ticks, DateTimeKind.Utc) : null;
        }
    }

    /// <summary>True where the last message with an identifier arrived, or was acknowledged, in this process.</summary>
    public bool IsOfThisProcess(ushort packetId)
    {
        lock (_gate) return Read(packetId).Sequence > _sequenceAtStart;
    }

    /// <summary>Notes an arrival.</summary>
    public void Arrived(ushort packetId, MqttApplicationMessage message, DateTime at)
    {
        lock (_gate)
        {
            if (_inMemory is not null && Stopwatch.GetElapsedTime(_triedAt) > BeforeNextTry) TryMap();
            Write(packetId, new Record(Hash(message), at.Ticks, ++_sequence));
        }
    }

    /// <summary>Notes that the broker is about to be told; whether that reaches it is not known.</summary>
    public void Acknowledged(ushort packetId)
    {
        lock (_gate) Write(packetId, Read(packetId) with { Mark = -_sequence });
    }

    /// <summary>Forgets everything: the broker has, and will deliver nothing again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            for (var slot = 0; slot < Slots; slot++) Write((ushort)slot, default);
        }
    }

    public void Dispose()
    {
        _mapped?.Dispose();
        _file?.Dispose();
    }

    void TryMap()
    {
        _triedAt = Stopwatch.GetTimestamp();
        try
        {
            _file = Allocated(_path);
            _mapped = _file.CreateViewAccessor();
            if (_inMemory is not null) _mapped.WriteArray(0, _inMemory, 0, Slots);
            _inMemory = null;
        }
        catch (IOException error) when (DiskSpace.IsFull(error, _path))
        {
            _inMemory ??= new Record[Slots];
        }
    }

    // What it holds is written back: so every block is there, also of a file that had holes.
    static MemoryMappedFile Allocated(string path)
    {
        var file = PrivateFiles.Open(path, FileShare.Read);
        try
        {
            var content = new byte[Slots * RecordSize];
            for (int at = 0, read; (read = RandomAccess.Read(file.SafeFileHandle, content.AsSpan(at), at)) > 0;) at += read;
            RandomAccess.Write(file.SafeFileHandle, content, 0);
            return MemoryMappedFile.CreateFromFile(file, null, content.Length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    Record Read(ushort packetId)
    {
        if (_mapped is null) return _inMemory![packetId];
        _mapped.Read<Record>(Offset(packetId), out var record);
        return record;
    }

    void Write(ushort packetId, Record record)
    {
        if (_mapped is null) _inMemory![packetId] = record;
        else _mapped.Write(Offset(packetId), ref record);
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
