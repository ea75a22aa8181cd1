using System.Net;
using Npgsql;
using Telemetry.Tests.Alerts;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;

namespace Telemetry.Tests.History;

/// <summary>Two servers on one store: what is changed at one is soon the same at the other.</summary>
public sealed class StoreChangeTests(PostgresServer postgres) : IDisposable
{
    const string Rule = """{"name":"fast","when":[{"signal":"vehicle_speed","above":120}]}""";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    async Task<string> Setting(string store) => store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Vehicles_are_the_same_at_both(string store)
    {
        var setting = await Setting(store);
        await using var one = await Server.Start(setting);
        await using var two = await Server.Start(setting);
        await two.StoreIs("direct");
        await one.Publish(("wican/a/rpm", "1"), ("wican/b/rpm", "2"));
        await AreSame("the new ones are known there", "1 default, 2 a, 3 b");

        (await one.Patch(2, """{"name":"Van","offline_after_seconds":77}""")).EnsureSuccessStatusCode();
        await AreSame("it has a name", "1 default, 2 a Van, 3 b");
        await Eventually.Holds("and a timeout", async () => (await two.Http.GetStringAsync("/vehicles")).Contains("\"offline_after_seconds\":77"));
        (await two.Patch(2, """{"name":null}""")).EnsureSuccessStatusCode();
        await AreSame("the name is gone again", "1 default, 2 a, 3 b");

        (await one.Patch(3, """{"device":"a"}""")).EnsureSuccessStatusCode();
        await AreSame("the dongle has moved", "1 default, 2, 3 a");
        await two.Publish(("wican/a/rpm", "11"));
        (await two.Latest(3)).Should().Contain("\"rpm\":11,", "its messages go where the other server has moved it");
        (await two.Patch(2, """{"device":"a"}""")).EnsureSuccessStatusCode();
        await AreSame("it is back", "1 default, 2 a, 3 b");

        await using var page = await two.Listen();
        (await one.Patch(2, """{"merge_into":3}""")).EnsureSuccessStatusCode();
        await Eventually.Holds("one vehicle is left", async () => (await two.Http.GetAsync("/telemetry/latest?vehicle_id=2")).StatusCode == HttpStatusCode.NotFound);
        await two.Publish(("wican/a/rpm", "12"));
        await page.Next("its dongle feeds the other one", text => text.Contains("\"vehicle_id\":3,\"rpm\":12,"));

        async Task AreSame(string what, string vehicles)
        {
            foreach (var server in (Server[])[one, two]) await Eventually.Holds(what, async () => await server.Vehicles() == vehicles);
        }
    }

    [Theory]
    [InlineData("sqlite", false)]
    [InlineData("postgres", false)]
    [InlineData("postgres", true)]
    public async Task Rules_are_judged_by_both_as_they_are_at_one(string store, bool isPooled)
    {
        var setting = await Setting(store);
        await using var pooler = isPooled ? await PgBouncer.Start(new NpgsqlConnectionStringBuilder(setting[(setting.IndexOf('=') + 1)..])) : null;
        if (pooler is not null) setting = $"ConnectionStrings:Telemetry={new NpgsqlConnectionStringBuilder(setting[(setting.IndexOf('=') + 1)..]) { Port = pooler.Port }}";
        await using var one = await Server.Start(setting, "Alerts:Settle=00:00:00");
        await using var two = await Server.Start(setting, "Alerts:Settle=00:00:00");
        await two.StoreIs("direct");
        var rule = await one.AddRule(Rule);
        await Eventually.Holds("the rule is there", async () => (await two.Http.GetAsync($"/alerts/rules/{rule}")).IsSuccessStatusCode);
        await two.Publish(("wican/c/vehicle_speed", "130"));
        await Eventually.Holds("it has fired", async () => await two.States(rule) == "firing");
        using (var edited = await one.Send(HttpMethod.Put, $"/alerts/rules/{rule}", Rule.Replace("120", "140").Replace("{\"name", "{\"version\":1,\"name"))) edited.EnsureSuccessStatusCode();
        await Eventually.Holds("it is another rule", async () => await two.States(rule) == "cleared/rule");
        using (var removed = await one.Send(HttpMethod.Delete, $"/alerts/rules/{rule}")) removed.EnsureSuccessStatusCode();
        await Eventually.Holds("it is gone", async () => (await two.Http.GetAsync($"/alerts/rules/{rule}")).StatusCode == HttpStatusCode.NotFound);
    }
}
