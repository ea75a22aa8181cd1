using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Traces;

public class TracesTests
{
    [Fact]
    public async Task Spans_of_a_message_its_batch_and_a_request_reach_the_collector_and_no_token_does()
    {
        var bodies = new ConcurrentQueue<string>();
        await using var collector = Collector(bodies);
        await collector.StartAsync();
        await using (var server = await Server.Start(Jwt.On, $"Traces:Endpoint={collector.Urls.First()}"))
        {
            await server.Publish(("wican/rpm", "900"));
            (await server.Http.GetStringAsync($"/telemetry/latest?token={Jwt.Token()}")).Should().Contain("\"rpm\":900,");
            await Eventually.Holds("the reading is kept", async () => (await server.Http.GetStringAsync($"/telemetry/export?token={Jwt.Token()}")).Contains(",rpm,900"));
            await server.Stop(); // What has not been sent yet is sent then.
        }

        var sent = string.Concat(bodies);
        sent.Should().Contain("process").And.Contain("wican/rpm").And.Contain("keep readings").And.Contain("/telemetry/latest");
        sent.Should().NotContain(Jwt.Token()[..20]);
    }

    // Reads what it is sent as text: names and attributes stand in it as they are.
    internal static WebApplication Collector(ConcurrentQueue<string> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
        return app;
    }
}
