using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Outside brokers that answer what no broker should: lost connections, and no more.</summary>
public class MalformedBrokerTests
{
    [Theory]
    [InlineData("9002{id}")] // A SUBACK without a code.
    [InlineData("9003{id}00")] // Broken off in its properties.
    [InlineData("9006{id}00010101")] // More codes than filters.
    [InlineData("9004{id}0077")] // A code that there is not.
    [InlineData("900200ff")] // For another subscription.
    [InlineData("9000")]
    [InlineData("b002{id}")] // An UNSUBACK to a SUBSCRIBE.
    [InlineData("b000")]
    [InlineData("4000")]
    [InlineData("2000")] // A second CONNACK.
    [InlineData("f000")]
    [InlineData("0000")]
    [InlineData("e002ff")] // A DISCONNECT, broken off.
    [InlineData("ffffffffffff")]
    public Task A_malformed_answer_to_the_subscription_is_a_lost_connection(string answer) => Recovers(async (connection, version) =>
    {
        await connection.Send(version == 5 ? FakeBroker.Accepted5 : FakeBroker.Accepted311);
        var (_, subscribe) = await connection.Read();
        await connection.Send(Convert.FromHexString(answer.Replace("{id}", Convert.ToHexString(subscribe.AsSpan(0, 2)))));
    });

    [Fact]
    public async Task A_message_without_an_identifier_delays_no_acknowledgement()
    {
        var acknowledged = false;
        await using var broker = FakeBroker.Start(async (_, connection) =>
        {
            await connection.ReadConnect();
            var behaving = connection.Behave(5, async () =>
            {
                await connection.Send([0x32, 15, 0, 9, .. "wican/rpm"u8, 0, 0, 0, (byte)'7']);
                await connection.Send([0x32, 15, 0, 9, .. "wican/rpm"u8, 0, 5, 0, (byte)'8']);
                while (!acknowledged) acknowledged = await connection.Read() is (0x40, [0, 5, ..]);
            });
            await behaving;
        });
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        await Eventually.Holds("the other message is acknowledged", () => acknowledged);
    }

    [Fact]
    public async Task Noise_at_any_time_does_no_harm()
    {
        var random = new Random(4711);
        var (noisy, subscriptions) = (0, 0);
        await using var broker = FakeBroker.Start(async (_, connection) =>
        {
            var version = await connection.ReadConnect();
            if (Interlocked.Increment(ref noisy) > 8)
            {
                await connection.Behave(version, () => Task.FromResult(Interlocked.Increment(ref subscriptions)));
                return;
            }

            // Something that begins as a packet of any kind, its length right or wrong.
            var noise = new byte[random.Next(1, 40)];
            random.NextBytes(noise);
            if (noise.Length > 1 && noisy % 2 == 0) noise[1] = (byte)(noise.Length - 2);
            await connection.Behave(version, async () =>
            {
                await connection.Send(noise);
                throw new IOException("And it is gone.");
            });
        });
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        var errors = ErrorLog.Of(server);
        await Eventually.Holds("a connection without noise is kept", () => subscriptions > 0, TimeSpan.FromMinutes(2));
        errors.Errors.Should().BeEmpty();
        (await server.Http.GetAsync("/health/live")).IsSuccessStatusCode.Should().BeTrue();
    }

    // The first connection ends as it does, the second finds a broker that behaves.
    static async Task Recovers(Func<FakeBroker.Connection, int, Task> misbehave)
    {
        var isSubscribed = false;
        await using var broker = FakeBroker.Start(async (broker, connection) =>
        {
            var version = await connection.ReadConnect();
            if (broker.Connections == 1) await misbehave(connection, version);
            else await connection.Behave(version, () => Task.FromResult(isSubscribed = true));
        });
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}");
        var errors = ErrorLog.Of(server);
        await Eventually.Holds("it has subscribed again", () => isSubscribed);
        errors.Errors.Should().BeEmpty();
    }
}
