using Telemetry.Api.Sockets;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Broadcast;

/// <summary>The message of an alert as a WebSocket text frame, encoded once for all clients. Thread-safe. Positions begin with 1.</summary>
sealed class AlertFrame(Alert alert, DateTime at, long position)
{
    readonly byte[] _payload = AlertMessage.Serialize(alert, at);
    byte[]? _deflated;

    public Guid AlertId => alert.Id;

    public long Position => position;

    public bool IsOver { get; } = alert.ClearedAt is not null;

    /// <summary>A newer frame of the alert exists. Written under the lock of <see cref="AlertFrames"/>.</summary>
    public bool IsReplaced { get; set; }

    public bool IsFor(IReadOnlyList<int>? vehicleIds) => vehicleIds is null || (alert.VehicleId is { } id && vehicleIds.Contains(id));

    public byte[] Encoded(FrameEncoding encoding) => encoding == FrameEncoding.Plain ? Frame.Plain(_payload) : _deflated ??= Frame.Deflated(_payload);
}
