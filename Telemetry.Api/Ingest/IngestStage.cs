using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Ingest;

/// <summary>MQTT in: the embedded broker or a client of an outside one.</summary>
static class IngestStage
{
    public static void AddIngest(this IHostApplicationBuilder builder)
    {
        var mqtt = builder.AddSettings<MqttSettings>("Mqtt");
        builder.AddSettings<BrokerSettings>("Broker");
        var ingest = builder.AddSettings<IngestSettings>("Ingest");
        var signals = new SignalCatalog();
        builder.Services.AddSingleton<BrokerStatus>();
        builder.Services.AddSingleton<IngestCounters>();
        builder.Services.AddSingleton(signals);
        builder.Services.AddSingleton(Rules(mqtt, ingest, signals));
        builder.Services.AddSingleton<VehicleRegistry>();
        builder.Services.AddSingleton(new RegistrationLimit(ingest.NewVehiclesPerMinute));
        builder.Services.AddSingleton<MessageReader>();
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<MessageInlet>();
        if (mqtt.Host == "") builder.Services.AddHostedService<EmbeddedBroker>();
        else builder.Services.AddHostedService<BrokerClient>();
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
