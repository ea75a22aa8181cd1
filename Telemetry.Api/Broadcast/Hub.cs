using System.Reactive.Concurrency;
using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Knows the newest frame of every vehicle, and which audiences it is for. Thread-safe.</summary>
/// <remarks>Publishing touches only the audiences that asked for the vehicle: clients of other vehicles cost nothing.</remarks>
sealed class Hub
{
    readonly ILogger<Hub> _log;
    readonly Lock _gate = new();
    readonly Dictionary<Vehicle, Frame> _newest = [];
    readonly Dictionary<Subscription, Audience> _audiences = [];
    readonly List<Audience> _ofAll = [];
    readonly Dictionary<int, List<Audience>> _ofVehicle = [];
    readonly IScheduler _scheduler;

    public Hub(IScheduler scheduler, ILogger<Hub> log)
    {
        _scheduler = scheduler;
        _log = log;
        Join(Subscription.ToAll); // Most clients ask for everything: this audience is not made anew for the first of them.
    }

    /// <summary>Makes a picture the newest message of its vehicle.</summary>
    public void Publish(VehiclePicture picture)
    {
        lock (_gate)
        {
            if (picture.Vehicle.IsMerged) return;
            var isNews = picture.State == VehicleState.Running && !(picture.Timestamp <= _newest.GetValueOrDefault(picture.Vehicle)?.Picture.Timestamp);
            var frame = new Frame(picture, isNews, SignalChoice.None);
            _newest[picture.Vehicle] = frame;
            foreach (var audience in _ofAll) audience.Put(frame);
            foreach (var audience in _ofVehicle.GetValueOrDefault(picture.Vehicle.Id) ?? []) audience.Put(frame);
        }

        BroadcastLog.Sent(_log, picture.Vehicle.Id);
    }

    /// <summary>Newcomers hear nothing of a vehicle that has become part of another one.</summary>
    public void Forget(Vehicle vehicle)
    {
        lock (_gate)
        {
            _newest.Remove(vehicle);
            foreach (var audience in _audiences.Values) audience.Forget(vehicle);
        }
    }

    /// <summary>The audience of a client that asks for this; to be left by <see cref="Leave"/>.</summary>
    public Audience Join(Subscription subscription)
    {
        lock (_gate)
        {
            if (!_audiences.TryGetValue(subscription, out var audience)) _audiences[subscription] = audience = Gather(subscription);
            audience.Clients++;
            return audience;
        }
    }

    /// <summary>A client of an audience is gone.</summary>
    public void Leave(Audience audience)
    {
        lock (_gate)
        {
            if (--audience.Clients > 0) return;
            _audiences.Remove(audience.Subscription);
            _ofAll.Remove(audience);
            audience.Dispose();
            foreach (var id in audience.Subscription.VehicleIds ?? [])
            {
                var others = _ofVehicle[id];
                others.Remove(audience);
                if (others.Count == 0) _ofVehicle.Remove(id);
            }
        }
    }

    Audience Gather(Subscription subscription)
    {
        var audience = new Audience(subscription, _scheduler);
        var ids = subscription.VehicleIds?.ToHashSet();
        foreach (var frame in _newest.Values.Where(frame => ids?.Contains(frame.Picture.Vehicle.Id) ?? true).OrderBy(frame => frame.Picture.Vehicle.Id))
            audience.Put(frame);

        if (ids is null) _ofAll.Add(audience);
        foreach (var id in ids ?? [])
        {
            if (!_ofVehicle.TryGetValue(id, out var audiences)) _ofVehicle[id] = audiences = [];
            audiences.Add(audience);
        }

        return audience;
    }
}

static partial class BroadcastLog
{
    [LoggerMessage(300, LogLevel.Debug, "📡 Données diffusées via WebSocket (vehicle {VehicleId})")]
    public static partial void Sent(ILogger log, int vehicleId);
}
