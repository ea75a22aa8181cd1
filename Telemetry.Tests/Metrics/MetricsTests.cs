using System.Net.Sockets;
using System.Text;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Metrics;

public class MetricsTests
{
    [Fact]
    public async Task Every_stage_is_counted()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00");
        await using var page = await server.Listen();
        await page.Next("the first message, which is not to be one with the next");
        await server.Publish(("wican/rpm", "2500"), ("wican/van/rpm", "900"), ("wican/rpm", "99999"), ("wican/rpm", "fast"), ("wican/rpm", "slow"));
        await page.Next("the van", text => text.Contains("\"rpm\":900,"));
        await page.DisposeAsync();
        await Eventually.Holds("the counters have it all", async () => await Scraped.From(server) is var now && now["telemetry_broadcast_clients"] == 0 && now["telemetry_history_waiting"] == 0);

        var scraped = await Scraped.From(server);
        scraped["telemetry_mqtt_messages_total"].Should().Be(5);
        scraped["telemetry_mqtt_readings_total"].Should().Be(2);
        scraped["telemetry_mqtt_rejected_total{reason=\"out_of_range\"}"].Should().Be(1);
        scraped["telemetry_mqtt_rejected_total{reason=\"not_a_number\"}"].Should().Be(2);
        scraped["telemetry_mqtt_rejected_total{reason=\"too_large\"}"].Should().Be(0);
        scraped["telemetry_mqtt_connected"].Should().Be(1);
        scraped["telemetry_vehicles"].Should().Be(2);
        scraped["telemetry_broadcast_frames_total"].Should().Be(3);
        scraped["telemetry_broadcast_replaced_total"].Should().Be(0);
        scraped["telemetry_broadcast_io_bytes_total"].Should().BeInRange(600, 900);
        scraped["telemetry_history_batches_total{destination=\"store\"}"].Should().BeInRange(1, 5);
        new[] { "full", "window", "pause", "age", "stop" }.Sum(reason => scraped[$"telemetry_history_flushes_total{{reason=\"{reason}\"}}"]).Should().BeInRange(scraped["telemetry_history_batches_total{destination=\"store\"}"], 5);
        scraped["telemetry_broadcast_paused_seconds_total"].Should().BeInRange(0, 5);
        scraped["telemetry_history_direct"].Should().Be(1);
        scraped["telemetry_spool_readings"].Should().Be(0);
    }

    [Fact]
    public async Task A_server_measures_itself_and_not_another_one_in_the_same_process()
    {
        await using var server = await Server.Start();
        await using var other = await Server.Start();
        await Scraped.From(server);
        await Scraped.From(other);
        await other.Publish(("wican/rpm", "2500"), ("wican/van/rpm", "900"));
        await Eventually.Holds("the other one has measured both", async () => (await Scraped.From(other))["telemetry_history_latency_seconds_count"] == 2);
        await server.Publish(("wican/rpm", "2500"));
        await Eventually.Holds("this one has measured its own", async () => (await Scraped.From(server))["telemetry_history_latency_seconds_count"] >= 1);
        var scraped = await Scraped.From(server);
        scraped["telemetry_history_latency_seconds_count"].Should().Be(1);
        scraped["telemetry_mqtt_messages_total"].Should().Be(1);
        scraped["telemetry_vehicles"].Should().Be(1);
    }

    [Fact]
    public async Task Latencies_are_measured_from_the_first_scrape_on()
    {
        await using var server = await Server.Start();
        await Scraped.From(server);
        await using var page = await server.Listen();
        await page.Next();
        await server.Publish(("wican/rpm", "2500"), ("wican/rpm", "2501"), ("wican/status", """{"status":"offline"}"""));
        await page.Next("the will", text => text.Contains("\"offline\"") && text.Contains("2501"));
        Scraped scraped = null!;
        await Eventually.Holds("both latencies are measured", async () =>
        {
            scraped = await Scraped.From(server);
            return scraped["telemetry_history_latency_seconds_count"] == 2 && scraped["telemetry_broadcast_latency_seconds_count"] >= 1;
        });
        // The first reading went out at once, the second after the rate limit's 40 ms, or with the will; that tells of no new one.
        scraped["telemetry_broadcast_latency_seconds_count"].Should().BeInRange(1, 2);
        scraped["telemetry_broadcast_latency_seconds_bucket{le=\"+Inf\"}"].Should().Be(scraped["telemetry_broadcast_latency_seconds_count"]);
        scraped["telemetry_broadcast_latency_seconds_sum"].Should().BeInRange(0.00001, 10);
        scraped["telemetry_history_latency_seconds_sum"].Should().BeInRange(0.00001, 20);
    }

    [Fact]
    public async Task The_wait_for_a_thread_is_measured_from_the_first_scrape_on()
    {
        await using var server = await Server.Start();
        await Eventually.Holds("the wait has been measured again", async () => (await Scraped.From(server))["telemetry_thread_pool_delay_seconds_count"] >= 2);
        (await Scraped.From(server))["telemetry_thread_pool_delay_seconds_sum"].Should().BePositive();
    }

    [Fact]
    public async Task Each_message_that_a_slow_client_does_not_get_is_counted_as_replaced()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00", "Broadcast:WriteTimeout=00:05:00");
        using var slow = new TcpClient { ReceiveBufferSize = 64 * 1024 };
        await slow.ConnectAsync(server.Address.Host, server.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ws/telemetry HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        await using var page = await server.Listen();
        await Eventually.Holds("both have their first message", async () => (await Scraped.From(server))["telemetry_broadcast_frames_total"] == 2);
        await using var car = await Car.Connect(server.BrokerPort);
        var published = 0;
        async Task PublishMany()
        {
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => car.Publish("wican/rpm", $"{++published % 16000}")));
            await page.Next("the last of them", text => text.Contains($"\"rpm\":{published % 16000},"));
        }

        // Each client has the first message and one for each publish, or misses it. On a busy machine a client may only be late: of a whole round it gets nothing.
        var missing = 0.0;
        await Eventually.Holds("the slow client takes no more", async () =>
        {
            await PublishMany();
            var (scraped, before) = (await Scraped.From(server), missing);
            missing = 2 * (1 + published) - scraped["telemetry_broadcast_frames_total"] - scraped["telemetry_broadcast_replaced_total"];
            return before > 0 && missing >= before + 2000;
        }, TimeSpan.FromSeconds(60));
        await PublishMany();

        var reading = slow.GetStream().CopyToAsync(System.IO.Stream.Null);
        await Eventually.Holds("it has had the newest, and what it missed is counted", async () =>
            await Scraped.From(server) is var scraped && scraped["telemetry_broadcast_replaced_total"] > 700
            && scraped["telemetry_broadcast_frames_total"] + scraped["telemetry_broadcast_replaced_total"] == 2 * (1 + published), TimeSpan.FromSeconds(60));
        slow.Close();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task Names_follow_the_conventions_and_stand_in_the_documentation()
    {
        await using var server = await Server.Start();
        await using var page = await server.Listen();
        await Scraped.From(server);
        await server.Publish(("wican/rpm", "2500"));
        var types = new Dictionary<string, string>();
        await Eventually.Holds("all metrics are there", async () => (types = (await Scraped.From(server)).Types).Count(pair => pair.Value == "histogram") == 3);
        var documented = File.ReadAllText(Path.Combine(Repository.Top, "docs/metrics.md"));
        foreach (var (name, type) in types.Where(pair => pair.Key != "target_info"))
        {
            documented.Should().Contain($"| `{name}` | {type} |");
            name.EndsWith("_total", StringComparison.Ordinal).Should().Be(type == "counter", name);
        }

        types.Should().HaveCountGreaterThan(15);
    }
}
