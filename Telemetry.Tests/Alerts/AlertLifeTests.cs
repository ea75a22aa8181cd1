using System.Net;
using System.Text.Json;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.Alerts;

/// <summary>Alerts through restarts, changes of rules and vehicles, and outages of the store.</summary>
public sealed class AlertLifeTests(CrashingPostgres postgres) : IClassFixture<CrashingPostgres>, IDisposable
{
    const string Fast = """{"name":"fast","when":[{"signal":"vehicle_speed","above":120,"clear":115}]}""";

    readonly TempFolder _folder = new();
    string? _store;

    public void Dispose() => _folder.Dispose();

    async Task<Server> Start(string store, params string[] settings)
    {
        _store ??= store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()};Timeout=2";
        return await Server.Start([_store, $"History:SpoolPath={_folder["spool.db"]}", "Alerts:Settle=00:00:00", .. settings]);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_restart_goes_on_with_what_has_fired(string store)
    {
        int rule;
        string id;
        await using (var server = await Start(store))
        {
            rule = await server.AddRule(Fast);
            await server.Publish(("wican/vehicle_speed", "130"));
            await Eventually.Holds("it has fired", async () => await server.States(rule) == "firing");
            id = (await server.Alerts())[0].GetProperty("alert_id").GetString()!;
        }

        await using var again = await Start(store);
        (await again.States(rule)).Should().Be("firing");
        await again.Publish(("wican/vehicle_speed", "125"), ("wican/vehicle_speed", "110"));
        await Eventually.Holds("it is over", async () => await again.States(rule) == "cleared");
        (await again.Alerts()).Select(alert => alert.GetProperty("alert_id").GetString()).Should().Equal(id);
        await again.Publish(("wican/vehicle_speed", "121"));
        await Eventually.Holds("another one has fired", async () => await again.States(rule) == "firing cleared");
    }

    [Fact]
    public async Task A_rule_that_judges_otherwise_ends_its_alerts_and_one_that_is_renamed_does_not()
    {
        await using var server = await Start("sqlite");
        var rule = await server.AddRule(Fast);
        await server.Publish(("wican/vehicle_speed", "130"), ("wican/b/vehicle_speed", "130"));
        await Eventually.Holds("both have fired", async () => await server.States(rule) == "firing firing");
        using (var renamed = await server.Send(HttpMethod.Put, $"/alerts/rules/{rule}", Fast.Replace("fast", "too fast").Replace("{\"name", "{\"version\":1,\"name"))) renamed.EnsureSuccessStatusCode();
        (await server.Alerts()).Select(alert => $"{alert.GetProperty("state")} {alert.GetProperty("rule")}").Should().Equal("firing too fast", "firing too fast");
        using (var ofTwo = await server.Send(HttpMethod.Put, $"/alerts/rules/{rule}", Fast.Replace("{\"name", "{\"version\":2,\"vehicles\":[2],\"name"))) ofTwo.EnsureSuccessStatusCode();
        (await server.Alerts("vehicle_id=1"))[0].GetProperty("ended_by").GetString().Should().Be("rule");
        (await server.Alerts("vehicle_id=2"))[0].GetProperty("state").GetString().Should().Be("firing");
        using (var edited = await server.Send(HttpMethod.Put, $"/alerts/rules/{rule}", Fast.Replace("120", "125").Replace("{\"name", "{\"version\":3,\"name"))) edited.EnsureSuccessStatusCode();
        await Eventually.Holds("both have fired anew", async () => await server.States(rule) == "firing firing cleared/rule cleared/rule");
        using (var removed = await server.Send(HttpMethod.Delete, $"/alerts/rules/{rule}")) removed.EnsureSuccessStatusCode();
        (await server.States(rule)).Should().Be("cleared/rule cleared/rule cleared/rule cleared/rule");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_merged_vehicle_ends_its_alerts_and_its_rules_follow_it(string store)
    {
        await using var server = await Start(store);
        var rule = await server.AddRule(Fast.Replace("{\"name", "{\"vehicles\":[2],\"name"));
        await server.Publish(("wican/a/vehicle_speed", "130"), ("wican/b/vehicle_speed", "1"));
        await Eventually.Holds("it has fired, and is in the store", async () => await server.States(rule) == "firing" && (await server.Http.GetStringAsync("/telemetry/export?vehicle_id=3&from=2026-01-01")).Contains("vehicle_speed"));
        (await server.Patch(2, """{"merge_into":3}""")).StatusCode.Should().Be(HttpStatusCode.OK);
        await Eventually.Holds("it is over", async () => await server.States(rule) == "cleared/vehicle");
        (await server.Alerts())[0].GetProperty("vehicle_id").GetInt32().Should().Be(3);
        await Eventually.Holds("the rule is of the other one", async () => (await server.Http.GetStringAsync($"/alerts/rules/{rule}")).Contains("\"vehicles\":[3]"));
        await server.Publish(("wican/a/vehicle_speed", "131"));
        await Eventually.Holds("it fires there", async () => await server.States(rule) == "firing cleared/vehicle");
    }

    [Fact]
    public async Task What_is_imported_or_retained_raises_nothing()
    {
        await using var server = await Start("sqlite");
        var rule = await server.AddRule(Fast);
        await server.Import((DateTime.UtcNow.AddMinutes(-1), "default", "vehicle_speed", 200), (DateTime.UtcNow.AddSeconds(-1), "default", "vehicle_speed", 201));
        await server.Publish(("wican/rpm", "900"));
        await Eventually.Holds("the rule has been judged", async () => JsonDocument.Parse(await server.Http.GetStringAsync($"/alerts/rules/{rule}")).RootElement.GetProperty("vehicles")[0].GetProperty("judged_at").ValueKind == JsonValueKind.String);
        await server.Publish(("wican/vehicle_speed", "119"), ("wican/vehicle_speed", "121"));
        await Eventually.Holds("a reading has fired it", async () => await server.States(rule) == "firing");
        (await server.Alerts())[0].GetProperty("value").GetDouble().Should().Be(121);
    }

    [Fact]
    public async Task The_store_may_be_away_at_the_alert_and_at_the_start()
    {
        int rule;
        await using (var server = await Start("postgres"))
        {
            rule = await server.AddRule(Fast);
            await server.Publish(("wican/b/vehicle_speed", "100"));
            await server.StoreIs("direct");
            await postgres.Crash();
            await server.Publish(("wican/b/vehicle_speed", "130"));
            await Eventually.Holds("it has fired while the store is away", async () => await server.States(rule) == "firing");
            await server.StoreIs("spooling");
        }

        await using (var server = await Start("postgres"))
        {
            (await server.States(rule)).Should().Be("firing", "the spool has noted it");
            await server.Publish(("wican/b/vehicle_speed", "100"), ("wican/b/vehicle_speed", "131"));
            await Eventually.Holds("rules work without the store", async () => await server.States(rule) == "firing cleared");
            await postgres.Resume();
            await server.StoreIs("direct");
            await server.Publish(("wican/b/vehicle_speed", "99"));
            await Eventually.Holds("the second is over", async () => await server.States(rule) == "cleared cleared");
        }

        await using var again = await Start("postgres");
        (await again.Alerts()).Select(alert => $"{alert.GetProperty("value")} {alert.GetProperty("state")}").Should().Equal("131 cleared", "130 cleared");
    }
}
