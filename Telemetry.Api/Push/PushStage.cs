using System.Text.Json.Serialization;
using Telemetry.Api.Alerts;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Notify;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Push;

/// <summary>Web Push: browsers that alerts are sent to. Throws <see cref="SettingException"/> for an invalid setting.</summary>
static class PushStage
{
    public static void AddPush(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(PushEndpoints.MapPush);
        var settings = (AlertsSettings)builder.Services.Last(service => service.ServiceType == typeof(AlertsSettings)).ImplementationInstance!;
        PushContact.Check(settings.PushSubject);
        builder.Services.AddSingleton(new PushServices(settings.PushServices));
        builder.Services.AddSingleton(new PushTransport(SafeConnection.CreateHandler()));
        builder.Services.AddSingleton<PushTable>();
        builder.Services.AddSingleton<PushRights>();
        builder.Services.AddSingleton<PushKeys>();
        builder.Services.AddSingleton<PushSubscribers>();
        builder.Services.AddSingleton<PushAttempts>();
        builder.Services.AddSingleton<PushDelivery>();
        builder.Services.AddSingleton<CreatePushSender>(services => (zone, isFrench) => Create(services, zone, isFrench));
        builder.Services.AddHostedService<PushKeeper>();
        builder.AddJson(PushJson.Default);
    }

    // The channel has no address: each browser's messages contain their own.
    static PushSender Create(IServiceProvider services, TimeZoneInfo zone, bool isFrench) => new(
        services.GetRequiredService<PushDelivery>(), services.GetRequiredService<PushSubscribers>(),
        new NoticeText(isFrench: false, zone, _ => NoticeLinks.None), new NoticeText(isFrench: true, zone, _ => NoticeLinks.None), isFrench);
}

sealed class PushKeeper(PushSubscribers subscribers, TimeProvider clock, LoopWatch loops) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        subscribers.Restore();
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the upkeep of push subscriptions", () => KeepUpAsync(stoppingToken), stoppingToken);

    async Task KeepUpAsync(CancellationToken stopping)
    {
        using var poll = new PeriodicTimer(Interval, clock);
        do
        {
            await subscribers.TryRefreshAsync(stopping);
        }
        while (await poll.WaitForNextTickAsync(stopping));
    }
}

[JsonSerializable(typeof(PushKeyView))]
[JsonSerializable(typeof(PushSubscriptionView))]
[JsonSerializable(typeof(PushSubscriptionFields))]
[JsonSerializable(typeof(PushEndpointFields))]
[JsonSerializable(typeof(IReadOnlyList<PushSubscriber>))]
[JsonSerializable(typeof(List<PushNotice>))]
sealed partial class PushJson : JsonSerializerContext;
