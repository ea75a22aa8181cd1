using Telemetry.Api.Sockets;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Broadcast;

/// <summary>The message of an alert as a WebSocket text frame, encoded once for all clients. Thread-safe.</summary>
/// <param name="at">The time that the message tells of, UTC.</param>
/// <param name="position">1 for the first frame since the start.</param>
sealed class AlertFrame(Alert alert, DateTime at, long position)
{
    readonly byte[] _payload = AlertMessage.Serialize(alert, at);
    byte[]? _deflated;

    public Guid AlertId => alert.Id;

    public long Position => position;

    /// <summary>True if the alert is over: new clients do not get it.</summary>
    public bool IsOver { get; } = alert.ClearedAt is not null;

    /// <summary>True after a newer frame of the alert has come. Written under the lock of <see cref="AlertFrames"/>.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>True for a viewer of these vehicles; null: of all.</summary>
    public bool IsFor(IReadOnlyList<int>? vehicleIds) => vehicleIds is null || (alert.VehicleId is { } id && vehicleIds.Contains(id));

    /// <summary>Header and payload. Compression never refers to an earlier message.</summary>
    public byte[] Encoded(FrameEncoding encoding) => encoding == FrameEncoding.Plain ? Frame.Plain(_payload) : _deflated ??= Frame.Deflated(_payload);
}
