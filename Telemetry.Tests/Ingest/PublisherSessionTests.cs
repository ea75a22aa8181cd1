using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Acknowledgements of the embedded broker, and messages that come to it more than once.</summary>
public sealed class PublisherSessionTests : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.Start($"History:SqlitePath={_folder["telemetry.db"]}", $"History:SpoolPath={_folder["spool.db"]}");
        await _server.StoreIs("direct");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    LockedStore Lock() => new(_folder["telemetry.db"], _folder["spool.db"]);

    async Task<int> Rows() => (await _server.Http.GetStringAsync("/telemetry/export?vehicle_id=1")).TrimEnd().Split('\n').Length - 1;

    Task<RawMqtt> Connect(string id = "dongle", bool clean = false) => RawMqtt.Connect(_server.BrokerPort, id, clean);

    [Fact]
    public async Task After_a_takeover_of_its_own_session_a_message_is_acknowledged_when_it_is_durable()
    {
        using (await Connect())
        {
        }

        RawMqtt first, second;
        using (Lock())
        {
            first = await Connect();
            for (var i = 1; i <= 5; i++) await first.Publish("wican/rpm", $"{1000 + i}", packetId: i);
            await first.Ping();
            (await first.Next()).Should().Be("PINGRESP");
            second = await Connect();
        }

        await Eventually.Holds("the first five are rows", async () => await Rows() == 5);
        using (Lock())
        {
            await second.Publish("wican/rpm", "1777", packetId: 77);
            await second.Publish("wican/rpm", "1778", packetId: 78);
            await second.Ping();
            (await second.Next()).Should().Be("PINGRESP", "nothing is durable yet");
        }

        (await second.Next()).Should().Be("PUBACK 77");
        (await second.Next()).Should().Be("PUBACK 78");
        (await Rows()).Should().Be(7);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task At_qos_2_an_identifier_is_one_message_until_it_is_released()
    {
        using var car = await Connect(clean: true);
        foreach (var dup in new[] { false, true, false })
        {
            await car.Publish("wican/rpm", "200", qos: 2, packetId: 9, dup: dup);
            (await car.Next()).Should().Be("PUBREC 9");
        }

        (await Rows()).Should().Be(1);
        await car.Release(9);
        (await car.Next()).Should().Be("PUBCOMP 9");
        await car.Publish("wican/rpm", "200", qos: 2, packetId: 9);
        (await car.Next()).Should().Be("PUBREC 9");
        (await Rows()).Should().Be(2);
    }

    [Theory]
    [InlineData(1, "PUBACK 9")]
    [InlineData(2, "PUBREC 9")]
    public async Task A_message_that_is_sent_again_over_the_next_connection_of_a_session_is_one_row(int qos, string answer)
    {
        using (var car = await Connect())
        {
            await car.Publish("wican/rpm", "200", qos, packetId: 9);
            (await car.Next()).Should().Be(answer);
        }

        using var again = await Connect();
        await again.Publish("wican/rpm", "200", qos, packetId: 9, dup: true);
        (await again.Next()).Should().Be(answer);
        (await Rows()).Should().Be(1);
    }

    [Fact]
    public async Task A_message_that_is_sent_again_before_it_was_durable_is_one_row_and_acknowledged_twice()
    {
        using var first = await Connect();
        using var second = await Repeat(first);
        (await second.Next()).Should().Be("PUBACK 9");
        (await second.Next()).Should().Be("PUBACK 9");
        (await Rows()).Should().Be(1);

        async Task<RawMqtt> Repeat(RawMqtt before)
        {
            using var held = Lock();
            await before.Publish("wican/rpm", "200", packetId: 9);
            await before.Ping();
            (await before.Next()).Should().Be("PINGRESP");
            var after = await Connect();
            await after.Publish("wican/rpm", "200", packetId: 9, dup: true);
            await after.Publish("wican/rpm", "200", packetId: 9, dup: true);
            await after.Ping();
            (await after.Next()).Should().Be("PINGRESP");
            return after;
        }
    }

    [Theory]
    [InlineData("200", false, "the identifier is used anew")]
    [InlineData("201", true, "it never came before")]
    public async Task Another_message_with_the_same_identifier_is_another_row(string payload, bool dup, string because)
    {
        using (var car = await Connect())
        {
            await car.Publish("wican/rpm", "200", packetId: 9);
            (await car.Next()).Should().Be("PUBACK 9");
        }

        using var again = await Connect();
        await again.Publish("wican/rpm", payload, packetId: 9, dup: dup);
        (await again.Next()).Should().Be("PUBACK 9");
        (await Rows()).Should().Be(2, because);
    }

    [Fact]
    public async Task A_clean_session_begins_anew()
    {
        using (var car = await Connect())
        {
            await car.Publish("wican/rpm", "200", packetId: 9);
            (await car.Next()).Should().Be("PUBACK 9");
        }

        using var again = await Connect(clean: true);
        await again.Publish("wican/rpm", "200", packetId: 9, dup: true);
        (await again.Next()).Should().Be("PUBACK 9");
        (await Rows()).Should().Be(2);
    }

    [Fact]
    public async Task While_a_thousand_messages_wait_no_more_are_read_and_no_other_client_waits()
    {
        using var flood = await Connect("flood");
        Task flooding;
        using (Lock())
        {
            flooding = Flood(flood);
            await Eventually.Holds("a thousand have come", async () => await Messages() == 1000);
            using var other = await Connect("other");
            await other.Publish("wican/car2/rpm", "900", qos: 0);
            await other.Ping();
            (await other.Next()).Should().Be("PINGRESP");
            (await _server.Latest(2)).Should().Contain("\"rpm\":900,");
            (await Messages()).Should().Be(1001);
        }

        await flooding;
        await Eventually.Holds("all have come", async () => await Messages() == 5001);
        for (var i = 1; i <= 5000; i++) (await flood.Next()).Should().Be($"PUBACK {i}");

        async Task Flood(RawMqtt car)
        {
            for (var i = 1; i <= 5000; i++) await car.Publish("wican/rpm", $"{i}", packetId: i);
        }
    }

    async Task<int> Messages() => (await _server.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("messages").GetInt32();
}
