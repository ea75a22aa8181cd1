using System.Globalization;
using System.Net;
using Telemetry.Tests.Support;
using Telemetry.Tests.TroubleCodes;

namespace Telemetry.Tests.Ingest;

/// <summary><c>Mqtt:ReceivedAtProperty</c>, with a broker that passes on what the publisher says instead of dating messages itself.</summary>
public class BrokerTimeTests
{
    static readonly DateTimeOffset Noon = DateTimeOffset.UtcNow.AddMinutes(-5);

    static Task Publish(Mosquitto broker, string topic, string payload, DateTimeOffset at, string? id) =>
        broker.Publish(topic, payload, "-q", "1", "-V", "5", "-D", "publish", "user-property", "received-at", at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + (id is null ? "" : $"-{id}"));

    static async Task<List<string>> Rows(Server server)
    {
        using var answer = await server.Http.GetAsync("/telemetry/export?vehicle_id=2&format=csv");
        if (answer.StatusCode == HttpStatusCode.NotFound) return []; // The vehicle was not heard yet.
        answer.EnsureSuccessStatusCode();
        return [.. (await answer.Content.ReadAsStringAsync()).Split('\n').Where(line => line.Contains("rpm", StringComparison.Ordinal)).Select(line => line.Trim())];
    }

    [Fact]
    public async Task A_message_is_one_row_however_often_it_is_delivered()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "Mqtt:ReceivedAtProperty=received-at");
        await server.BrokerIs("healthy");
        await using var page = await server.Listen();
        await Publish(broker, "wican/car7/rpm", "900", Noon, "A1");
        await page.Next("the value", text => text.Contains("\"rpm\":900,") && text.Contains("\"running\""));
        await Publish(broker, "wican/car7/rpm", "950", Noon.AddSeconds(1), id: null);
        await page.Next("the newer value", text => text.Contains("\"rpm\":950,"));
        // Both again, and another one of the same millisecond, as after the loss of an instance.
        await Publish(broker, "wican/car7/rpm", "900", Noon, "A1");
        await Publish(broker, "wican/car7/rpm", "950", Noon.AddSeconds(1), id: null);
        await Publish(broker, "wican/car7/rpm", "920", Noon, "B2");
        await Publish(broker, "wican/car7/rpm", "960", Noon.AddSeconds(2), "C3");
        await page.Next("the newest value", text => text.Contains("\"rpm\":960,") ? true : text.Contains("\"rpm\":950,") ? false : throw new InvalidOperationException($"An older value is shown: {text}"));
        await Eventually.Holds("all rows are stored", async () => (await Rows(server)).Exists(row => row.Contains("960", StringComparison.Ordinal)));
        var rows = await Rows(server);
        rows.Should().HaveCount(4, string.Join('\n', rows));
        rows.Should().OnlyContain(row => row.Contains(Noon.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)) || row.Contains(Noon.AddSeconds(2).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Other_messages_and_times_in_the_future_have_the_time_of_their_arrival()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "Mqtt:ReceivedAtProperty=received-at");
        await server.BrokerIs("healthy");
        await broker.Publish("wican/car7/rpm", "900", "-q", "1");
        await Publish(broker, "wican/car7/rpm", "950", DateTimeOffset.UtcNow.AddHours(1), "A1");
        await Eventually.Holds("both are stored", async () => (await Rows(server)).Count == 2);
        var latest = await server.Latest(2);
        latest.Should().Contain("950").And.NotContain(DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture));
        await Publish(broker, "wican/car7/can/rx", Answers.Of(0x7E8, "43 01 03 01"), Noon, "B2");
        await Eventually.Holds("a trouble code is read", async () => (await server.Http.GetStringAsync("/vehicles/2/codes")).Contains("P0301", StringComparison.Ordinal));
        await Publish(broker, "wican/car7/status", """{"status":"offline"}""", DateTimeOffset.UtcNow, "C3");
        await Eventually.Holds("a will counts", async () => (await server.Latest(2)).Contains("\"offline\"", StringComparison.Ordinal));
    }
}
