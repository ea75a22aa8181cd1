using Telemetry.Api.History;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Decides which alerts this server raises, ends and sends: those of the vehicles that its source has heard last, while it holds the lease. Thread-safe.</summary>
sealed class AlertOwner
{
    readonly HeardVehicles _heard;
    readonly WriterLease _lease;
    volatile bool _isReady;

    public AlertOwner(HeardVehicles heard, WriterLease lease)
    {
        (_heard, _lease) = (heard, lease);
        _isReady = lease.IsHeld;
        lease.Changed += isHeld =>
        {
            if (!isHeld) _isReady = false;
        };
    }

    /// <summary>Identity of this server, for alerts about itself.</summary>
    public string Server => _lease.ServerId;

    /// <summary>Source of this server.</summary>
    public string Source => _heard.Source;

    /// <summary>True while this server holds the lease, and has what the one before it has left.</summary>
    public bool IsActive => _isReady && _lease.IsHeld;

    /// <summary>True if alerts of a vehicle are raised and ended here.</summary>
    public bool Owns(Vehicle vehicle) => IsActive && _heard.IsOwned(vehicle.Current);

    /// <summary>True if an alert is ended and sent here.</summary>
    public bool Owns(Alert alert) => alert.Vehicle is { } vehicle ? Owns(vehicle) : alert.Server is null || alert.Server == Server;

    /// <summary>This server has what the one before it has left.</summary>
    public void Activate() => _isReady = true;
}
