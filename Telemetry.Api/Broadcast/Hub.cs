using System.Reactive.Concurrency;
using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>Newest frame of every vehicle, and the logs that it goes to. Thread-safe. Publishing touches only the logs that include the vehicle.</summary>
sealed class Hub
{
    /// <summary>Choices besides the default that the normal senders serve; further ones use the overflow senders.</summary>
    const int MaxChoices = 16;

    readonly ILogger<Hub> _log;
    readonly Lock _gate = new();
    readonly Dictionary<Vehicle, Frame> _newest = [];
    readonly Dictionary<Subscription, Audience> _audiences = [];
    readonly Dictionary<Subscription, FrameLog> _logs = []; // By vehicles and interval only: signals and encoding are the audience's.
    readonly Dictionary<Subscription, Choice> _choices = [];
    readonly List<FrameLog> _ofAll = [];
    readonly Dictionary<int, List<FrameLog>> _ofVehicle = [];
    readonly IScheduler _scheduler;

    public Hub(IScheduler scheduler, ILogger<Hub> log)
    {
        _scheduler = scheduler;
        _log = log;
        Join(Subscription.ToAll); // Most clients ask for everything: their audience exists from the start.
    }

    public void Publish(VehicleSnapshot snapshot)
    {
        lock (_gate)
        {
            if (snapshot.Vehicle.IsGone) return;
            var isNews = snapshot.State == VehicleState.Running && snapshot.HeardAt != _newest.GetValueOrDefault(snapshot.Vehicle)?.Snapshot.HeardAt;
            var frame = new Frame(snapshot, isNews, SignalChoice.None);
            _newest[snapshot.Vehicle] = frame;
            foreach (var log in _ofAll) log.Add(frame);
            foreach (var log in _ofVehicle.GetValueOrDefault(snapshot.Vehicle.Id) ?? []) log.Add(frame);
        }

        BroadcastLog.Sent(_log, snapshot.Vehicle.Id);
    }

    public void Remove(Vehicle vehicle)
    {
        lock (_gate)
        {
            _newest.Remove(vehicle);
            foreach (var log in _logs.Values) log.Remove(vehicle);
        }
    }

    /// <summary>Call <see cref="Leave"/> when the client ends.</summary>
    public Audience Join(Subscription subscription)
    {
        lock (_gate)
        {
            if (!_audiences.TryGetValue(subscription, out var audience)) _audiences[subscription] = audience = Open(subscription);
            audience.Clients++;
            return audience;
        }
    }

    public void Leave(Audience audience)
    {
        lock (_gate)
        {
            if (--audience.Clients > 0) return;
            _audiences.Remove(audience.Subscription);
            var key = audience.Subscription.Choice;
            if (_choices.TryGetValue(key, out var choice) && --choice.Audiences == 0) _choices.Remove(key);
            if (--audience.Log.Audiences == 0) Close(audience.Log, audience.Subscription);
        }
    }

    Audience Open(Subscription subscription)
    {
        if (!_logs.TryGetValue(KeyOf(subscription), out var log)) _logs[KeyOf(subscription)] = log = OpenLog(subscription);
        log.Audiences++;
        var key = subscription.Choice;
        if (key.Equals(Subscription.ToAll)) return new Audience(subscription, log);
        if (!_choices.TryGetValue(key, out var choice)) _choices[key] = choice = new Choice(IsOverflow: _choices.Values.Count(known => !known.IsOverflow) >= MaxChoices);
        choice.Audiences++;
        return new Audience(subscription, log, choice.IsOverflow);
    }

    FrameLog OpenLog(Subscription subscription)
    {
        var log = new FrameLog(subscription.Interval, _scheduler);
        var ids = subscription.VehicleIds?.ToHashSet();
        foreach (var frame in _newest.Values.Where(frame => ids?.Contains(frame.Snapshot.Vehicle.Id) ?? true).OrderBy(frame => frame.Snapshot.Vehicle.Id))
            log.Add(frame);

        if (ids is null) _ofAll.Add(log);
        foreach (var id in ids ?? [])
        {
            if (!_ofVehicle.TryGetValue(id, out var logs)) _ofVehicle[id] = logs = [];
            logs.Add(log);
        }

        return log;
    }

    void Close(FrameLog log, Subscription subscription)
    {
        _logs.Remove(KeyOf(subscription));
        _ofAll.Remove(log);
        log.Dispose();
        foreach (var id in subscription.VehicleIds ?? [])
        {
            var others = _ofVehicle[id];
            others.Remove(log);
            if (others.Count == 0) _ofVehicle.Remove(id);
        }
    }

    static Subscription KeyOf(Subscription subscription) => subscription with { Signals = SignalChoice.None, Encoding = FrameEncoding.Plain };

    sealed record Choice(bool IsOverflow)
    {
        public int Audiences { get; set; }
    }
}

static partial class BroadcastLog
{
    [LoggerMessage(300, LogLevel.Debug, "📡 Données diffusées via WebSocket (vehicle {VehicleId})")]
    public static partial void Sent(ILogger log, int vehicleId);
}
