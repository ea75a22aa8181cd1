using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Decides which alerts this server raises, ends and sends: those of vehicles heard last by its source, while it holds the lease; in a cluster, those of its own vehicles. Thread-safe.</summary>
sealed class AlertOwner
{
    readonly HeardVehicles _heard;
    readonly WriterLease _lease;
    readonly VehicleOwnership _ownership;
    volatile bool _isReady;

    public AlertOwner(HeardVehicles heard, WriterLease lease, VehicleOwnership ownership)
    {
        (_heard, _lease, _ownership) = (heard, lease, ownership);
        _isReady = lease.IsHeld;
        lease.Changed += isHeld =>
        {
            if (!isHeld) _isReady = false;
        };
    }

    public string Server => _lease.ServerId;

    public string Source => _heard.Source;

    /// <summary>True while this server holds the lease and has taken over from the one before it.</summary>
    public bool IsActive => _isReady && _lease.IsHeld;

    public bool Owns(Vehicle vehicle) => IsActive && (_ownership.IsShared ? _ownership.Owns(vehicle.Current) : _heard.IsOwned(vehicle.Current));

    public bool Owns(Alert alert) => alert.Vehicle is { } vehicle ? Owns(vehicle) : alert.Server is null || alert.Server == Server;

    public void Activate() => _isReady = true;
}
