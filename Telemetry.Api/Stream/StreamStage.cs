using System.ComponentModel.DataAnnotations;
using System.Reactive.Concurrency;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Hosting;
using Telemetry.Core.Ingest;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Stream;

/// <summary><c>Stream</c>: how often clients are told.</summary>
sealed class StreamSettings
{
    /// <summary>Shortest time between two messages of a vehicle; zero: every reading is a message.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "takes a duration as hh:mm:ss.fff, 00:00:00 to 00:01:00")]
    public TimeSpan UpdateInterval { get; init; } = TimeSpan.FromMilliseconds(40);
}

/// <summary>The live path and who listens to it.</summary>
static class StreamStage
{
    public static void AddStream(this IHostApplicationBuilder builder)
    {
        var stream = builder.AddSettings<StreamSettings>("Stream");
        var presence = builder.AddSettings<PresenceSettings>("Presence");
        builder.Services.AddSingleton(new Pacing(stream.UpdateInterval, presence.Limits));
        builder.Services.AddSingleton<IScheduler>(DefaultScheduler.Instance);
        builder.Services.AddSingleton<LiveGraph>();
        builder.Services.AddSingleton<LatestPictures>();
        builder.Services.AddHostedService<LiveConsumers>();
    }
}

/// <summary>Joins every consumer to the live graph before the first message can come.</summary>
sealed partial class LiveConsumers(
    LiveGraph graph, LatestPictures latest, Hub hub, Intake intake, VehicleRegistry vehicles, IScheduler scheduler,
    ILogger<LiveConsumers> log) : IHostedService
{
    // A publisher whose vehicle comes and goes thousands of times a second must not fill the disk with it.
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        graph.Pictures.Subscribe(latest.Set);
        graph.Updates.Subscribe(hub.Publish);
        graph.Transitions.LimitRate(picture => picture.Vehicle, LogInterval, (_, _) => false, scheduler).Subscribe(Tell);
        intake.Restore(vehicles.Default, []);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void Tell(VehiclePicture picture)
    {
        if (picture.State == Core.Presence.VehicleState.Running) Log.Running(log, picture.Vehicle.Id, picture.Vehicle.Device ?? picture.Vehicle.Key);
        else Log.Offline(log, picture.Vehicle.Id, picture.Vehicle.Device ?? picture.Vehicle.Key);
    }

    static partial class Log
    {
        [LoggerMessage(200, LogLevel.Information, "🟢 Voiture RUNNING (vehicle {VehicleId}, {Device})")]
        public static partial void Running(ILogger log, int vehicleId, string device);

        [LoggerMessage(201, LogLevel.Information, "🔴 Voiture OFFLINE (vehicle {VehicleId}, {Device})")]
        public static partial void Offline(ILogger log, int vehicleId, string device);
    }
}
