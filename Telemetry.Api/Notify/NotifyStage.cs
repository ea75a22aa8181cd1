using System.Data.Common;
using System.Globalization;
using System.Net;
using Telemetry.Api.Alerts;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Ingest;
using Telemetry.Core.Ingest;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Channels that alerts are sent to. Throws <see cref="SettingException"/> for an invalid channel.</summary>
static class NotifyStage
{
    public static void AddNotify(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(NotifyEndpoints.MapNotify);
        var settings = Find<AlertsSettings>(builder);
        CheckAddresses(settings);
        var reader = new ChannelReader(Find<TopicRules>(builder));
        var plans = settings.Channels.Select(section => reader.Read(section.Key, section.Value)).ToList();
        Find<OwnTopics>(builder).Add(plans.SelectMany(plan => plan.Topics));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RetainedStates>();
        builder.Services.AddSingleton<WantedTopics>();
        builder.Services.AddSingleton<DeliveryStore>();
        builder.Services.AddSingleton<SharedDeliveries>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SharedDeliveries>());
        builder.Services.AddSingleton<NotifiedAlerts>();
        builder.Services.AddSingleton<DeliveriesOf>(services => services.GetRequiredService<NotifiedAlerts>().Deliveries);
        builder.AddJson(NotifyJson.Default);
        builder.Services.AddSingleton<AlertMuting>();
        builder.Services.AddSingleton<NoticeAddresses>();
        builder.Services.AddSingleton(SafeConnection.CreateClient());
        builder.Services.AddSingleton(services => new Channels([.. plans.Select(plan => plan.Build(services))]));
        builder.Services.AddSingleton(services => new ChannelWorkers([.. services.GetRequiredService<Channels>().All.Select(channel => ActivatorUtilities.CreateInstance<ChannelWorker>(services, channel))]));
        builder.Services.AddSingleton<ChannelAlerts>();
        builder.Services.AddHostedService<AlertNotifier>();
        builder.Services.AddHostedService<RemovedChannels>();
        if (settings.Heartbeat != "") builder.Services.AddHostedService<Heartbeat>();
    }

    // Already registered instances are needed to check the settings before anything starts.
    static T Find<T>(IHostApplicationBuilder builder) => (T)builder.Services.Last(service => service.ServiceType == typeof(T)).ImplementationInstance!;

    static void CheckAddresses(AlertsSettings settings)
    {
        foreach (var (key, value) in new[] { (nameof(settings.Heartbeat), settings.Heartbeat), (nameof(settings.Url), settings.Url) }.Where(pair => pair.Item2 != ""))
        {
            if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && SafeConnection.IsForbidden(ip)))
                throw new SettingException($"Alerts:{key} takes an address such as {(key == nameof(settings.Url) ? "https://car.example" : "https://hc-ping.com/your-uuid")}.");
        }
    }
}

/// <summary>Addresses in messages: none without <c>Alerts:Url</c>, and no acknowledging link while the key cannot be read.</summary>
sealed class NoticeAddresses(AlertsSettings settings, AckKeys keys)
{
    readonly string _url = settings.Url.TrimEnd('/');

    public NoticeLinks Of(Guid alert) => _url == "" ? NoticeLinks.None
        : new NoticeLinks(string.Create(CultureInfo.InvariantCulture, $"{_url}/alerts.html#{alert}"), AckOf(alert));

    string AckOf(Guid alert)
    {
        try
        {
            return $"{_url}/alerts/{alert}/ack?key={keys.Of(alert)}";
        }
        catch (DbException)
        {
            return "";
        }
    }
}
