using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Telemetry.Api.Alerts;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Drives;
using Telemetry.Api.Forecasts;
using Telemetry.Api.History;
using Telemetry.Api.HomeAssistant;
using Telemetry.Api.Ingest;
using Telemetry.Api.Store;
using Telemetry.Api.Stream;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api;

/// <summary>Every consumer of the live graphs, one line each, subscribed before the first message can arrive. Several partitions call them in parallel.</summary>
sealed partial class LiveConsumers(
    LiveGraphs graphs, LatestSnapshots latest, Hub hub, AlertFrames alertFrames, AlertLog alerts, AlertSources alertSources, DeviceInbox homeAssistant, LiveForecasts forecasts, ForecastLearner learner, TripKeeper trips,
    BrokerStatus broker, LiveInput live, HeardVehicles heard, VehicleRegistry vehicles, VehicleOwnership ownership, IScheduler scheduler,
    ILogger<LiveConsumers> log) : IHostedService
{
    // A vehicle that alternates thousands of times a second must not fill the disk.
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var graph in graphs.All)
        {
            var (snapshots, updates, transitions) = (Owned(graph.Snapshots), Owned(graph.Updates), Owned(graph.Transitions));
            snapshots.Subscribe(latest.Set);
            updates.Subscribe(hub.Publish);
            graph.Alerts.Subscribe(alerts.Record);
            transitions.Subscribe(heard.Take);
            if (homeAssistant.IsEnabled) snapshots.LimitRate(snapshot => snapshot.Vehicle, DeviceInbox.UpdateInterval, VehicleSnapshot.IsStateChange, scheduler).Subscribe(homeAssistant.Enqueue);
            updates.Subscribe(forecasts.Observe);
            transitions.Subscribe(learner.Plan);
            transitions.LimitRate(snapshot => snapshot.Vehicle, LogInterval, (_, _) => false, scheduler).Subscribe(LogTransition);
        }

        alerts.News.Where(news => !news.IsAdopted || news.Alert.ClearedAt is null).Subscribe(news => alertFrames.Publish(news.Alert, news.At));
        alerts.News.Subscribe(news => homeAssistant.Enqueue(news.Alert));
        learner.Learned += forecasts.Reopen;
        learner.Learned += trips.Plan;
        forecasts.IsWatched = alertSources.HasRuleOnForecasts;
        forecasts.Computed += alertSources.SetForecasts;
        vehicles.Merged += (_, into) => learner.PlanNow(into);
        broker.Link.Subscribe(alertSources.SetLink);
        vehicles.Renumbered += vehicle =>
        {
            alerts.Renumber(vehicle);
            // Frames and audiences of the previous id no longer belong to it.
            hub.Remove(vehicle);
            live.Restore(vehicle, []);
        };
        live.Restore(vehicles.Default, []);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Snapshots of vehicles of other instances come from these.
    IObservable<VehicleSnapshot> Owned(IObservable<VehicleSnapshot> snapshots) => ownership.IsShared ? snapshots.Where(snapshot => ownership.Owns(snapshot.Vehicle)) : snapshots;

    void LogTransition(VehicleSnapshot snapshot)
    {
        if (snapshot.State == Core.Presence.VehicleState.Running) Log.Running(log, snapshot.Vehicle.Id, snapshot.Vehicle.Device ?? snapshot.Vehicle.Key);
        else Log.Offline(log, snapshot.Vehicle.Id, snapshot.Vehicle.Device ?? snapshot.Vehicle.Key);
    }

    // Log lines of the earlier system, which people search for: French, with their emoji.
    static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "🟢 Voiture RUNNING (vehicle {VehicleId}, {Device})")]
        public static partial void Running(ILogger log, int vehicleId, string device);

        [LoggerMessage(201, LogLevel.Information, "🔴 Voiture OFFLINE (vehicle {VehicleId}, {Device})")]
        public static partial void Offline(ILogger log, int vehicleId, string device);
    }
}
