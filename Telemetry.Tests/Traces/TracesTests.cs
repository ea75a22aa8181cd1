using Telemetry.Tests.Support;

namespace Telemetry.Tests.Traces;

public class TracesTests
{
    [Fact]
    public async Task Spans_of_a_message_its_batch_and_a_request_reach_the_collector_and_no_token_does()
    {
        await using var collector = await TraceCollector.Start();
        await using (var server = await Server.Start(Jwt.On, $"Traces:Endpoint={collector.Address}"))
        {
            await server.Publish(("wican/rpm", "900"));
            (await server.Http.GetStringAsync($"/telemetry/latest?token={Jwt.Token()}")).Should().Contain("\"rpm\":900,");
            await Eventually.Holds("the reading is kept", async () => (await server.Http.GetStringAsync($"/telemetry/export?token={Jwt.Token()}")).Contains(",rpm,900"));
            await server.Stop(); // What has not been sent yet is sent then.
        }

        var sent = collector.Received;
        sent.Should().Contain("process").And.Contain("wican/rpm").And.Contain("keep readings").And.Contain("/telemetry/latest");
        sent.Should().NotContain(Jwt.Token()[..20]);
    }
}
