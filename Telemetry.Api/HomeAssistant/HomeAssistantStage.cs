using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Core.HomeAssistant;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Vehicles as devices of Home Assistant. Throws <see cref="SettingException"/> for an invalid setting.</summary>
static class HomeAssistantStage
{
    public static void AddHomeAssistant(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings("HomeAssistant", new HomeAssistantValidator(), static (section, strict) => section.Get<HomeAssistantSettings>(strict));
        var topics = new DeviceTopics(settings.DiscoveryPrefix, settings.Topic);
        if (settings.Enabled)
        {
            CheckTopics(settings, topics, Find<TopicRules>(builder));
            Find<OwnTopics>(builder).Add([$"{settings.DiscoveryPrefix}/device", settings.Topic]);
        }

        builder.Services.AddSingleton(topics);
        builder.Services.AddSingleton<DeviceInbox>();
        builder.Services.AddSingleton<PublishedTopics>();
        builder.Services.AddSingleton<DevicePublisher>();
        builder.Services.AddHostedService<HomeAssistantService>();
    }

    // Messages published there would come back as readings.
    static void CheckTopics(HomeAssistantSettings settings, DeviceTopics topics, TopicRules rules)
    {
        foreach (var published in topics.Published)
        {
            if (rules.Filters.FirstOrDefault(filter => TopicFilters.Overlap(TopicFilters.WithoutShare(filter), published)) is not { } filter) continue;
            var isDiscovery = published == topics.Published[0];
            var (key, value) = isDiscovery ? (nameof(settings.DiscoveryPrefix), settings.DiscoveryPrefix) : (nameof(settings.Topic), settings.Topic);
            throw new SettingException($"HomeAssistant:{key} is '{value}'; it takes a topic that the server does not read from: {filter} of Mqtt:TopicFilter or Ingest:Topics would make readings of its messages.");
        }
    }

    static T Find<T>(IHostApplicationBuilder builder) => (T)builder.Services.Last(service => service.ServiceType == typeof(T)).ImplementationInstance!;
}
