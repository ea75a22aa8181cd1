using System.Net;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Ingest;

/// <summary>MQTT ingest: the embedded broker or a client of an outside one.</summary>
static class IngestStage
{
    public static void AddIngest(this IHostApplicationBuilder builder)
    {
        var mqtt = builder.AddSettings("Mqtt", new MqttValidator(), static (section, strict) => section.Get<MqttSettings>(strict));
        var broker = builder.AddSettings("Broker", new BrokerValidator(), static (section, strict) => section.Get<BrokerSettings>(strict));
        mqtt.ConnectionOptions(broker); // Files that cannot be read end the start.
        CheckShape(builder.Configuration.GetSection("Ingest:Topics"));
        ExpandShortRules(builder.Configuration);
        var ingest = builder.AddSettings("Ingest", new IngestValidator(), static (section, strict) => section.Get<IngestSettings>(strict), entry: typeof(TopicRule));
        var signals = new SignalCatalog();
        builder.AddJson(IngestJson.Default);
        builder.AddEndpoints(IngestEndpoints.MapIngest);
        builder.Services.AddSingleton<RecentMessages>();
        builder.Services.AddSingleton<BrokerStatus>();
        builder.Services.AddSingleton(new ProtocolChoice(TimeProvider.System));
        builder.Services.AddSingleton<BrokerDialer>();
        builder.Services.AddSingleton<BrokerRefusals>();
        builder.Services.AddSingleton<BrokerTimeouts>();
        builder.Services.AddSingleton(new OwnTopics());
        builder.Services.AddSingleton<IngestCounters>();
        builder.Services.AddSingleton(signals);
        var rules = Rules(mqtt, ingest, signals);
        builder.Services.AddSingleton(rules);
        builder.Services.AddSingleton(Source(mqtt, rules));
        builder.Services.AddSingleton<VehicleRegistry>();
        builder.Services.AddSingleton(new RegistrationLimit(ingest.NewVehiclesPerMinute));
        builder.Services.AddKeyedSingleton(ReadingsImport.LimitKey, new RegistrationLimit(ingest.NewVehiclesPerMinute));
        builder.Services.AddSingleton<Func<Partition, MessageReader>>(services => partition => ActivatorUtilities.CreateInstance<MessageReader>(
            services, partition, ActivatorUtilities.CreateInstance<AnswerSources>(services)));
        builder.Services.AddSingleton<LiveInput>();
        builder.Services.AddSingleton<MessageDispatcher>();
        if (mqtt.Host == "") builder.Services.AddHostedService<EmbeddedBroker>();
        else builder.Services.AddHostedService<BrokerClient>();
    }

    // The framework ignores values at the wrong depth: a rule would lose a part of its meaning.
    static void CheckShape(IConfigurationSection topics)
    {
        RequireNoValue(topics, "takes a list of rules, such as Ingest:Topics:0=torque/{device}");
        foreach (var rule in topics.GetChildren())
        {
            if (rule.GetChildren().Any()) RequireNoValue(rule, "takes the template as Topic if it has other keys");
            var units = rule.GetSection(nameof(TopicRule.Units));
            RequireNoValue(units, "takes a unit for each signal, such as Units:vehicle_speed=mph");
            foreach (var unit in units.GetChildren().SelectMany(unit => unit.GetChildren())) RequireNoValue(unit, "is nested too deep; Units takes the names of signals and a unit for each");
        }
    }

    internal static void ExpandShortRules(IConfiguration configuration)
    {
        foreach (var rule in configuration.GetSection("Ingest:Topics").GetChildren().Where(rule => !string.IsNullOrEmpty(rule.Value)).ToList()) configuration[$"{rule.Path}:{nameof(TopicRule.Topic)}"] = rule.Value;
    }

    static void RequireNoValue(IConfigurationSection section, string takes)
    {
        if (!string.IsNullOrEmpty(section.Value)) throw new SettingException($"{section.Path} is '{section.Value}'; it {takes}.");
    }

    // A loopback address means another broker on each machine.
    static ReadingsSource Source(MqttSettings mqtt, TopicRules rules)
    {
        if (mqtt.Host == "") return new ReadingsSource(null, null);
        var groups = rules.Filters.Select(filter => filter.StartsWith("$share/", StringComparison.Ordinal) ? filter.Split('/')[1] : null).Distinct().ToList();
        var isLocal = mqtt.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(mqtt.Host, out var address) && IPAddress.IsLoopback(address));
        var host = isLocal ? $"this machine, {Environment.MachineName}" : mqtt.Host.ToLowerInvariant();
        return new ReadingsSource($"{host}:{mqtt.Port} {string.Join(' ', rules.Filters.Select(TopicFilters.WithoutShare))}", groups is [{ } group] ? group : null);
    }

    static TopicRules Rules(MqttSettings mqtt, IngestSettings ingest, SignalCatalog signals)
    {
        try
        {
            return new TopicRules(mqtt.TopicFilter, ingest.Topics, signals);
        }
        catch (FormatException wrong)
        {
            throw new SettingException($"Ingest:Topics:{wrong.Message}");
        }
    }
}
