using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Ingest;
using Telemetry.Core.Notifications;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Alerts of the server about itself.</summary>
public sealed class ServerAlertTests : IDisposable
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Task<Server> Start(params string[] settings) => Server.Start([$"History:SqlitePath={_folder["history.db"]}", $"History:SpoolPath={_folder["spool.db"]}", .. settings]);

    static async Task<string> Alerts(Server server) => string.Join(", ", (await server.Alerts()).Select(alert => $"{alert.GetProperty("rule")} {alert.GetProperty("severity")} {alert.GetProperty("state")} {alert.GetProperty("vehicle_id")}"));

    [Fact]
    public async Task A_server_that_was_away_for_more_than_five_minutes_says_so_once()
    {
        var until = DateTime.UtcNow.AddHours(-8);
        await using (var server = await Start())
        {
            (await Alerts(server)).Should().BeEmpty("it is new");
            await Eventually.Holds("it has noted that it listens", () => server.Service<AlertNotes>().ReadListened() is not null);
        }

        using (var spool = new SqliteConnection($"Data Source={_folder["spool.db"]};Pooling=False"))
            spool.Execute("UPDATE notes SET content = @content WHERE name = 'listened_until'", new { content = $"[\"{until:o}\"]" }).Should().Be(1);

        await using (var again = await Start())
        {
            await Eventually.Holds("the outage is known", async () => await Alerts(again) == "The server did not listen info cleared ");
            (await again.Alerts())[0].GetProperty("since").GetString().Should().StartWith(until.ToString("yyyy-MM-dd'T'HH:mm:ss"));
        }

        await using var third = await Start();
        await Eventually.Holds("it listens", () => third.Service<BrokerStatus>().Problem is null);
        (await Alerts(third)).Should().Be("The server did not listen info cleared ");
    }

    [Fact]
    public async Task A_broker_that_is_away_for_a_minute_is_an_alert()
    {
        await using var server = await Start();
        var (watch, status, now) = (server.Service<ServerAlerts>(), server.Service<BrokerStatus>(), DateTime.UtcNow);
        var elapsed = Stopwatch.GetElapsedTime(0);
        status.Lost("gone");
        watch.Check(now, elapsed);
        watch.Check(now + 59 * Second, elapsed + 59 * Second);
        (await Alerts(server)).Should().BeEmpty();
        watch.Check(now + 60 * Second, elapsed + 60 * Second);
        watch.Check(now + 65 * Second, elapsed + 65 * Second);
        (await Alerts(server)).Should().Be("There is no link to the broker warning firing ");
        status.Connected();
        watch.Check(now + 70 * Second, elapsed + 70 * Second);
        (await Alerts(server)).Should().Be("There is no link to the broker warning cleared ");
    }

    [Fact]
    public async Task A_store_that_is_only_slow_is_no_alert_and_one_that_fails_is()
    {
        await using var server = await Start();
        await server.StoreIs("direct");
        var (watch, status, now) = (server.Service<ServerAlerts>(), server.Service<HistoryStatus>(), DateTime.UtcNow);
        var elapsed = Stopwatch.GetElapsedTime(0);
        status.Spooling();
        watch.Check(now, elapsed);
        status.Spooling();
        watch.Check(now + 61 * Second, elapsed + 61 * Second);
        (await Alerts(server)).Should().BeEmpty();
        status.Lost("gone");
        watch.Check(now + 62 * Second, elapsed + 62 * Second);
        status.Lost("gone");
        watch.Check(now + 123 * Second, elapsed + 123 * Second);
        (await Alerts(server)).Should().StartWith("The store cannot be written warning ");
    }

    [Fact]
    public async Task The_alert_of_a_channel_ends_once_the_channel_is_configured_no_more()
    {
        const string Phone = "Alerts:Channels:phone:Webhook=http://127.0.0.1:9";
        await using (var server = await Start(Phone)) server.Service<AlertLog>().Add(ServerRules.Fire("phone", DateTime.UtcNow));
        await using (var again = await Start(Phone)) (await Alerts(again)).Should().Be("Channel phone cannot deliver warning firing ");
        await using (var without = await Start()) await Eventually.Holds("it is over", async () => await Alerts(without) == "Channel phone cannot deliver warning cleared ");
        await using var last = await Start(Phone);
        (await Alerts(last)).Should().Be("Channel phone cannot deliver warning cleared ");
    }
}
