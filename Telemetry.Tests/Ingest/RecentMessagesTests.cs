using MQTTnet;
using Telemetry.Api.Ingest;
using Telemetry.Core.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public class RecentMessagesTests
{
    [Fact]
    public void Many_accepted_messages_do_not_hide_a_rejected_one()
    {
        var messages = new RecentMessages(new Marbles().Scheduler);
        messages.Watch();
        for (var i = 0; i < 100; i++) messages.Add(Message("2500"), null, null);
        messages.Add(Message("fast"), null, Rejection.NotANumber);
        var (all, rejected) = messages.Watch();
        rejected.Should().ContainSingle().Which.Payload.Should().Be("fast");
        all.Should().HaveCount(21);
    }

    static MqttApplicationMessage Message(string payload) => new MqttApplicationMessageBuilder().WithTopic("wican/rpm").WithPayload(payload).Build();
}
