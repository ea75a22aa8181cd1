using System.Diagnostics;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Text;
using MQTTnet;
using Telemetry.Api.Store;

namespace Telemetry.Api.Ingest;

/// <summary>Arrival time of each message by its packet identifier, so that a redelivered message becomes the same reading again. Thread-safe.</summary>
/// <remarks>A broker redelivers what was not acknowledged, with the same identifier and the DUP flag. After a kill, only a file shows whether the first delivery had arrived. It is mapped into memory, so that a record costs no system call; a power cut may lose the newest ones, and a reading is then stored twice. All its blocks are allocated first: on a full disk, a page without one would kill the process. Without room for them, the records stay in memory.</remarks>
sealed class DeliveryLog : IDisposable
{
    const int Slots = ushort.MaxValue + 1;

    static readonly long RecordSize = Unsafe.SizeOf<Record>();

    /// <summary>Half of all identifiers, so that no two messages share one. Mosquitto before 2.0.12 exceeds it.</summary>
    public const ushort MaxInFlight = HalfRange - 1;

    // Identifiers are assigned in turn: if one was acknowledged more than half of them ago, it belongs to an earlier message.
    const int HalfRange = Slots / 2;

    static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    readonly string _path;
    readonly long _sequenceAtStart;
    readonly Lock _gate = new();
    MemoryMappedFile? _file;
    MemoryMappedViewAccessor? _mapped;
    Record[]? _inMemory;
    long _triedAt;
    long _sequence;

    /// <param name="path">Created if missing. Throws if the file cannot be used, except for a full disk.</param>
    public DeliveryLog(string path)
    {
        _path = path;
        TryMap();
        for (var slot = 0; slot < Slots; slot++) _sequence = Math.Max(_sequence, Read((ushort)slot).Sequence);
        _sequenceAtStart = _sequence;
    }

    public DateTime? FirstArrival(ushort packetId, MqttApplicationMessage message)
    {
        lock (_gate)
        {
            var record = Read(packetId);
            var isSameMessage = !record.IsAcknowledged || _sequence - record.Sequence < HalfRange;
            return record.Ticks > 0 && isSameMessage && record.Hash == Hash(message) ? new DateTime(record.Ticks, DateTimeKind.Utc) : null;
        }
    }

    /// <summary>The last message with the identifier arrived, or was acknowledged, in this process.</summary>
    public bool IsOfThisProcess(ushort packetId)
    {
        lock (_gate) return Read(packetId).Sequence > _sequenceAtStart;
    }

    public void Arrived(ushort packetId, MqttApplicationMessage message, DateTime at)
    {
        lock (_gate)
        {
            if (_inMemory is not null && Stopwatch.GetElapsedTime(_triedAt) > RetryInterval) TryMap();
            Write(packetId, new Record(Hash(message), at.Ticks, ++_sequence));
        }
    }

    /// <summary>Adds a message that another process has received.</summary>
    public void Restore(ushort packetId, ulong hash, DateTime at)
    {
        lock (_gate) Write(packetId, new Record(hash, at.Ticks, ++_sequence));
    }

    public void Acknowledged(ushort packetId)
    {
        lock (_gate) Write(packetId, Read(packetId) with { Mark = -_sequence });
    }

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
            _file = OpenAllocated(_path);
            _mapped = _file.CreateViewAccessor();
            if (_inMemory is not null) _mapped.WriteArray(0, _inMemory, 0, Slots);
            _inMemory = null;
        }
        catch (IOException error) when (DiskSpace.IsFull(error, _path))
        {
            _inMemory ??= new Record[Slots];
        }
    }

    // Writes the content back, so that every block is allocated, also of a sparse file.
    static MemoryMappedFile OpenAllocated(string path)
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

    public static ulong Hash(MqttApplicationMessage message)
    {
        var hash = new XxHash3();
        hash.Append(Encoding.UTF8.GetBytes(message.Topic));
        foreach (var part in message.Payload) hash.Append(part.Span);
        return hash.GetCurrentHashAsUInt64();
    }

    /// <param name="Hash"><paramref name="Ticks"/> of the arrival, UTC; 0: none. <paramref name="Mark"/> is the sequence number of the arrival, or minus that of the acknowledgement.</param>
    readonly record struct Record(ulong Hash, long Ticks, long Mark)
    {
        public bool IsAcknowledged => Mark < 0;

        public long Sequence => Math.Abs(Mark);
    }
}
