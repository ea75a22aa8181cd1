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
        builder.Services.AddSingleton<BrokerStatus>();
        builder.Services.AddSingleton<IngestCounters>();
        builder.Services.AddSingleton<SignalCatalog>();
        builder.Services.AddSingleton<VehicleRegistry>();
        builder.Services.AddSingleton(services => new MessageReader(mqtt.TopicFilter, services.GetRequiredService<SignalCatalog>(),
            services.GetRequiredService<VehicleRegistry>(), services.GetRequiredService<IngestCounters>()));
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<MessageInlet>();
        if (mqtt.Host == "") builder.Services.AddHostedService<EmbeddedBroker>();
        else builder.Services.AddHostedService<BrokerClient>();
    }
}
