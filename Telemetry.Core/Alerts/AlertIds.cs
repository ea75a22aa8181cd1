using System.Buffers.Binary;

namespace Telemetry.Core.Alerts;

/// <summary>Ids of alerts.</summary>
public static class AlertIds
{
    /// <summary>A new UUID of version 7 (RFC 9562), with the fraction of the millisecond behind it: ids are in the order of their times, to the microsecond.</summary>
    public static Guid New(DateTime time)
    {
        var id = Guid.CreateVersion7(new DateTimeOffset(time));
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var fraction = time.Ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | fraction));
        return new Guid(bytes, bigEndian: true);
    }
}
