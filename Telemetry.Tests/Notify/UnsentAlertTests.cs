using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Core.Alerts;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

public class UnsentAlertTests
{
    [Fact]
    public async Task An_alert_that_was_stored_and_over_before_the_channels_took_it_is_sent_once_by_the_next_run()
    {
        await using var listener = await WebhookListener.Start();
        using var folder = new TempFolder();
        string[] settings = [.. AlertRig.AtOnce, $"History:SqlitePath={folder["a.db"]}", $"History:SpoolPath={folder["b.db"]}", $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"];
        var (hot, seldom) = (0, 0);
        await using (var server = await Server.Start(settings))
        {
            hot = await server.Http.AddRule("""[{"to":["ops"]}]""");
            seldom = await server.Http.AddRule("""[{"to":["ops"]}]""", ",\"cooldown\":3600", "Seldom");
            await server.Publish(("wican/coolant_temperature", "106"));
            await Eventually.Holds("both are told", () => listener.Posts.Sum(posted => posted.Json.GetProperty("alerts").GetArrayLength()) == 2);
            await server.Publish(("wican/coolant_temperature", "99"));
            await Eventually.Holds("both ends are told", () => listener.Posts.Sum(posted => posted.Json.GetProperty("alerts").GetArrayLength()) == 4);
        }

        // As a kill between the store and the spool leaves them.
        var (muted, first, second) = (AlertIds.New(DateTime.UtcNow), AlertIds.New(DateTime.UtcNow.AddMilliseconds(2)), AlertIds.New(DateTime.UtcNow.AddMilliseconds(4)));
        await using (var connection = new SqliteConnection($"Data Source={folder["a.db"]};Pooling=false"))
        {
            await connection.OpenAsync();
            await Copy(connection, seldom, muted, 1000);
            await Copy(connection, hot, first, 1000);
            await Copy(connection, hot, second, 3000);
        }

        await using (await Server.Start(settings))
            await Eventually.Holds("they are told", () => Told(first) && Told(second));
        await using (var server = await Server.Start(settings))
        {
            await server.Publish(("wican/coolant_temperature", "106"));
            await Eventually.Holds("the next one is told", () => listener.Posts[^1].Json.GetProperty("state").GetString() == "firing");
        }

        var told = listener.Posts.SelectMany(posted => posted.Json.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("id").GetString())).ToList();
        told.Should().OnlyHaveUniqueItems().And.Contain([$"{first}.2", $"{second}.2"]);
        told.Should().NotContain($"{muted}.2");

        bool Told(Guid alert) => listener.Posts.Any(posted => posted.Body.Contains($"{alert}.2", StringComparison.Ordinal));
    }

    static async Task Copy(SqliteConnection connection, int rule, Guid alert, int microseconds)
    {
        var copied = await connection.ExecuteAsync($"""
            CREATE TEMP TABLE copy AS SELECT * FROM alerts WHERE rule_id = {rule} ORDER BY alert_id LIMIT 1;
            UPDATE copy SET alert_id = '{alert}', fired_at = cleared_at + {microseconds}, since = cleared_at + {microseconds}, judged_at = cleared_at + {microseconds}, cleared_at = cleared_at + {microseconds} + 1000;
            INSERT INTO alerts SELECT * FROM copy;
            DROP TABLE copy;
            """);
        copied.Should().BePositive();
    }
}
