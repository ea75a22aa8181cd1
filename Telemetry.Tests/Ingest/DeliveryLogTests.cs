using MQTTnet;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public sealed class DeliveryLogTests : IDisposable
{
    readonly TempFolder _folder = new();
    DeliveryLog _log;

    public DeliveryLogTests() => _log = new DeliveryLog(_folder["x.deliveries"]);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    static MqttApplicationMessage Message(string payload, string topic = "wican/rpm") => new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).Build();

    [Fact]
    public void A_message_delivered_again_is_known_by_its_identifier_topic_and_payload()
    {
        _log.Arrived(7, Message("900"), Cars.Noon);
        _log.FirstArrival(7, Message("900")).Should().Be(Cars.Noon);
        _log.FirstArrival(8, Message("900")).Should().BeNull();
        _log.FirstArrival(7, Message("901")).Should().BeNull();
        _log.FirstArrival(7, Message("900", "wican/speed")).Should().BeNull();
    }

    [Fact]
    public void It_is_known_to_the_next_process_too()
    {
        _log.Arrived(65_535, Message("900"), Cars.Noon);
        _log.Dispose();
        _log = new DeliveryLog(_folder["x.deliveries"]);
        _log.FirstArrival(65_535, Message("900")).Should().Be(Cars.Noon);
    }

    [Fact]
    public void An_identifier_of_an_earlier_lap_is_of_another_message()
    {
        _log.Arrived(7, Message("900"), Cars.Noon);
        for (var i = 0; i < 40_000; i++) _log.Arrived((ushort)(100 + i % 30_000), Message("900"), Cars.Noon);
        _log.FirstArrival(7, Message("900")).Should().BeNull();
    }
}
