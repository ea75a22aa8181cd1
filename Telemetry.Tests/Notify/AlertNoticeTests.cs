using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Api.Notify;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

/// <summary>Alerts and their ends that a channel sends, and when.</summary>
public class AlertNoticeTests
{
    [Fact]
    public async Task What_comes_within_the_pace_goes_out_together()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=00:00:02"]);
        await server.Http.AddRule("""[{"to":["ops"]}]""");
        await server.Publish([.. Enumerable.Range(0, 20).Select(i => ($"wican/van{i}/coolant_temperature", "106"))]);
        var vans = Enumerable.Range(0, 20).Select(i => $"van{i}").ToList();
        await Eventually.Holds("all are told of", () => Vehicles().Count == 20);
        Vehicles().Should().BeEquivalentTo(vans);
        listener.Posts.Count.Should().BeInRange(2, 5);
        listener.Posts[1].Json.GetProperty("title").GetString().Should().EndWith("alerts · Hot");

        List<string> Vehicles() => [.. listener.Posts.SelectMany(posted => posted.Json.GetProperty("alerts").EnumerateArray()).Select(alert => alert.GetProperty("vehicle").GetString()!)];
    }

    [Fact]
    public async Task An_alert_that_is_over_at_once_is_sent_all_the_same()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        await server.Http.AddRule("""[{"to":["ops"]}]""");
        // Each is over before a channel can have looked, at least now and then.
        for (var i = 0; i < 20; i++) await server.Publish(("wican/coolant_temperature", "106"), ("wican/coolant_temperature", "99"));
        await Eventually.Holds("the end of all is told", () => listener.Posts.SelectMany(posted => posted.Json.GetProperty("alerts").EnumerateArray()).Select(alert => alert.GetProperty("id").GetString())
            .Where(id => id!.EndsWith(".2", StringComparison.Ordinal)).Distinct().Count() == 20);
    }

    [Fact]
    public async Task A_snoozed_alert_is_sent_once_more_when_the_snooze_is_over()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        var rule = await server.Http.AddRule("""[{"to":["ops"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        var id = (await listener.Got(1))[0].Id;
        using var snoozed = await server.Http.PostAsJsonAsync($"/alerts/{id.Split('.')[0]}/snooze", new { until = DateTime.UtcNow.AddSeconds(1).ToString("o") });
        snoozed.StatusCode.Should().Be(HttpStatusCode.OK);
        var reminder = (await listener.Got(2))[1];
        reminder.Id.Should().Be($"{id}.1");
        reminder.Json.GetProperty("title").GetString().Should().Be("Still: Hot · vehicle 1");
        await Eventually.Holds("the alert is awake", async () => (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?rule_id={rule}"))[0].GetProperty("state").GetString() == "firing");
        listener.Posts.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_store_that_is_slow_delays_only_the_alert_that_depends_on_it_and_that_not_for_long()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        var drive = await server.Http.AddRule("""[{"to":["ops"]}]""", ",\"once_per_drive\":true", "Drive");
        await server.Http.AddRule("""[{"to":["ops"]}]""", name: "Critical", severity: "critical");
        // An hour ago it fired too: the store is asked whether that is the same drive.
        var before = DateTime.UtcNow.AddHours(-1);
        server.Service<NotifiedAlerts>().Take([new Alert(AlertIds.New(before), drive, server.Service<VehicleRegistry>().Default, Severity.Info, before, before) { Rule = "Drive" }]);
        var (reads, held) = (server.Service<LongReads>(), new List<IDisposable>());
        for (var i = 0; i < server.Service<StoreDialect>().ReadsAtOnce; i++) held.Add(await reads.AcquireAsync(TestContext.Current.CancellationToken));

        await server.Publish(("wican/coolant_temperature", "106"));
        await Eventually.Holds("the alert of each rule is told", () => Fired("Critical") >= 0 && Fired("Drive") >= 0);
        Fired("Critical").Should().BeLessThan(Fired("Drive"));
        held.ForEach(read => read.Dispose());

        // The place of the message that tells of an alert of now.
        int Fired(string rule) => listener.Posts.ToList().FindIndex(posted => posted.Json.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("data"))
            .Any(alert => alert.GetProperty("rule").GetString() == rule && DateTime.Parse(alert.GetProperty("fired_at").GetString()!, CultureInfo.InvariantCulture) > before.AddMinutes(30)));
    }

    [Fact]
    public async Task Alerts_within_the_cooldown_are_recorded_and_not_sent()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        var hot = await server.Http.AddRule("""[{"to":["ops"]}]""", ",\"cooldown\":3600");
        await server.Http.AddRule("""[{"to":["ops"]}]""", ",\"once_per_drive\":true", "Drive");
        for (var i = 0; i < 2; i++) await server.Publish(("wican/coolant_temperature", "106"), ("wican/coolant_temperature", "99"));
        await server.Publish(("wican/other/coolant_temperature", "106"));
        await Eventually.Holds("the other vehicle is told of by both rules", () => Alerts("other").Select(alert => alert.GetProperty("rule").GetString()).Distinct().Count() == 2);
        (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?rule_id={hot}&vehicle_id=1")).GetArrayLength().Should().Be(2);
        foreach (var rule in new[] { "Hot", "Drive" })
            Alerts("vehicle 1").Where(alert => alert.GetProperty("rule").GetString() == rule).Select(alert => alert.GetProperty("alert_id").GetString()).Distinct().Should().ContainSingle(rule);

        IEnumerable<JsonElement> Alerts(string vehicle) => listener.Posts.SelectMany(posted => posted.Json.GetProperty("alerts").EnumerateArray())
            .Where(alert => alert.GetProperty("vehicle").GetString() == vehicle).Select(alert => alert.GetProperty("data"));
    }
}
