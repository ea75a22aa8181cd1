using Dapper;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Messages from a broker outside: acknowledged when they are durable, each a row once, whatever window the broker has and whenever the server ends.</summary>
public sealed class AcknowledgementTests(PostgresServer postgres) : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await postgres.CreateDatabase();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    Task<Server> StartServer(params string[] settings) =>
        Server.Start([$"ConnectionStrings:Telemetry={_connectionString};Command Timeout=2;Timeout=2", $"History:SpoolPath={_folder["spool.db"]}", .. settings]);

    async Task<List<double>> Rows()
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        return [.. await connection.QueryAsync<double>("SELECT value FROM readings ORDER BY recorded_at")];
    }

    [Fact]
    public async Task A_message_is_acknowledged_only_when_it_is_durable()
    {
        await using var broker = await Mosquitto.Start("allow_anonymous true", "persistence false");
        string[] settings = ["Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "History:FlushInterval=00:01:00"];
        await using (var server = await StartServer(settings))
        {
            await server.BrokerIs("healthy");
            await using var car = await Car.Connect(broker.Port);
            for (var i = 0; i < 200; i++) await car.Publish("wican/rpm", $"{i}");
            await Eventually.Holds("the window of 20 neither stalls nor throttles", async () => (await Rows()).Count >= 190, TimeSpan.FromSeconds(5));
        }

        (await Rows()).Should().Equal(Enumerable.Range(0, 200).Select(i => (double)i));
    }

    [Fact]
    public async Task A_burst_that_waits_for_nothing_comes_whole_through_mosquitto_as_it_is_shipped()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await StartServer("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "History:FlushInterval=00:00:01");
        await server.BrokerIs("healthy");
        await File.WriteAllLinesAsync(_folder["burst"], Enumerable.Range(0, 4800).Select(i => $"{i}"));
        var (exitCode, output) = await Daemon.Run("sh", "-c", $"{Require.Program("mosquitto_pub")} -p {broker.Port} -q 1 -t wican/rpm -l < {_folder["burst"]}");
        exitCode.Should().Be(0, output);
        await Eventually.Holds("all are rows", async () => (await Rows()).Count == 4800, TimeSpan.FromSeconds(30));
        (await Rows()).Should().Equal(Enumerable.Range(0, 4800).Select(i => (double)i));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_smaller_receive_maximum_of_the_broker_does_not_stall(int window)
    {
        await using var broker = await Mosquitto.Start("allow_anonymous true", $"max_inflight_messages {window}");
        await using var server = await StartServer("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", "History:FlushInterval=00:00:10");
        await server.BrokerIs("healthy");
        await using var car = await Car.Connect(broker.Port);
        for (var i = 0; i < 300; i++) await car.Publish("wican/rpm", $"{i}");
        await Eventually.Holds("all are rows", async () => (await Rows()).Count == 300, TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_server_that_is_killed_goes_on_where_it_was_and_no_reading_is_there_twice()
    {
        await using var broker = await Mosquitto.Start("allow_anonymous true", "max_queued_messages 100000");
        string[] arguments = [$"--ConnectionStrings:Telemetry={_connectionString}", $"--History:SpoolPath={_folder["killed.db"]}", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}"];
        var published = 0;
        await using var publisher = await Car.Connect(broker.Port);
        for (var kill = 0; kill < 5; kill++)
        {
            using var server = ServerProcess.Start(_folder, null, arguments);
            await Eventually.Holds("the server is subscribed", () => server.Output.Contains("📡 Abonné"));
            var before = published;
            // More than Mosquitto 2.0.11 can tell apart by its packet identifiers must not pile up while servers start.
            var driving = Drive(2000);
            await Eventually.Holds("some more are published", () => Volatile.Read(ref published) > before + 300);
            await server.Kill();
            await driving;
        }

        using var last = ServerProcess.Start(_folder, null, arguments);
        await Eventually.Holds($"all {published} are rows", async () => (await Rows()).Count >= published, TimeSpan.FromSeconds(60));
        await last.Terminate();
        (await Rows()).Should().Equal(Enumerable.Range(1, published).Select(i => (double)i));

        async Task Drive(int count)
        {
            for (; count > 0; count--) await publisher.Publish("wican/odometer", $"{++published}");
        }
    }
}
