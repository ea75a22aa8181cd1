using System.Reactive.Concurrency;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Stream;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api;

/// <summary>Every consumer of the live graphs, one line each. Each is called by several partitions at a time. They are joined before the first message can come.</summary>
sealed partial class LiveConsumers(
    LiveGraphs graphs, LatestPictures latest, Hub hub, Intake intake, VehicleRegistry vehicles, IScheduler scheduler,
    ILogger<LiveConsumers> log) : IHostedService
{
    // A publisher whose vehicle comes and goes thousands of times a second must not fill the disk with it.
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var graph in graphs.All)
        {
            graph.Pictures.Subscribe(latest.Set);
            graph.Updates.Subscribe(hub.Publish);
            graph.Transitions.LimitRate(picture => picture.Vehicle, LogInterval, (_, _) => false, scheduler).Subscribe(Report);
        }

        vehicles.Renumbered += vehicle =>
        {
            // Frames and audiences of the id before are not its any more.
            hub.Forget(vehicle);
            intake.Restore(vehicle, []);
        };
        intake.Restore(vehicles.Default, []);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void Report(VehiclePicture picture)
    {
        if (picture.State == Core.Presence.VehicleState.Running) Log.Running(log, picture.Vehicle.Id, picture.Vehicle.Device ?? picture.Vehicle.Key);
        else Log.Offline(log, picture.Vehicle.Id, picture.Vehicle.Device ?? picture.Vehicle.Key);
    }

    // The log lines of the system that this server replaces, which people search for: French, with their signs.
    static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "🟢 Voiture RUNNING (vehicle {VehicleId}, {Device})")]
        public static partial void Running(ILogger log, int vehicleId, string device);

        [LoggerMessage(201, LogLevel.Information, "🔴 Voiture OFFLINE (vehicle {VehicleId}, {Device})")]
        public static partial void Offline(ILogger log, int vehicleId, string device);
    }
}
