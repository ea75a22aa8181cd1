using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telemetry.Api.Notify;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;
using MailServer = Telemetry.Tests.Support.MailServer;

namespace Telemetry.Tests.Notify;

public class DeliveryTests
{
    [Fact]
    public async Task A_channel_that_hangs_stops_no_other()
    {
        await using var hanging = (await WebhookListener.Start()).ThenHang();
        await using var listener = await WebhookListener.Start();
        await using var mail = new MailServer();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:hangs:Webhook={hanging.Address}", $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0",
            $"Alerts:Channels:mail:Smtp=smtp://127.0.0.1:{mail.Port}", "Alerts:Channels:mail:From=car@example.com", "Alerts:Channels:mail:To=me@example.com"]);
        await server.Http.AddRule("""[{"to":["hangs","ops","mail"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        await hanging.Got(1);
        await mail.Got(1);
        await server.Publish(("wican/coolant_temperature", "99"));
        (await listener.Got(2)).Select(posted => posted.Id[^2..]).Should().Equal(".1", ".2");
        hanging.Posts.Should().ContainSingle();
        (await server.Http.Channel("hangs")).GetProperty("waiting").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task After_a_kill_a_message_goes_out_once_under_the_key_of_before()
    {
        await using var listener = await WebhookListener.Start();
        await listener.Stop();
        using var folder = new TempFolder();
        var (webPort, brokerPort) = (Ports.Free(), Ports.Free());
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{webPort}") };
        var alertId = "";
        using (await Run())
        {
            await http.AddRule("""[{"to":["ops"]}]""");
            await Publisher.Publish(brokerPort, "wican/coolant_temperature", "106", "-q", "1");
            await Eventually.Holds("a try has failed", async () => (await http.Channel("ops")).GetProperty("last_error").ValueKind == JsonValueKind.String);
            alertId = (await http.GetFromJsonAsync<JsonElement>("/alerts"))[0].GetProperty("alert_id").GetString()!;
        } // Killed.

        await listener.Resume();
        using (await Run())
        {
            await listener.Got(1);
            await Publisher.Publish(brokerPort, "wican/coolant_temperature", "107", "-q", "1");
            await Publisher.Publish(brokerPort, "wican/coolant_temperature", "99", "-q", "1");
            (await listener.Got(2)).Select(posted => posted.Id).Should().Equal($"{alertId}.1", $"{alertId}.2");
            await Eventually.Holds("the answers are noted", async () => (await http.Channel("ops")).GetProperty("sent").GetInt64() == 2);
        }

        using (await Run())
            await Eventually.Holds("the channel has looked", async () => (await http.Channel("ops")).GetProperty("last_success").ValueKind == JsonValueKind.String);
        listener.Posts.Should().HaveCount(2);

        async Task<Daemon> Run()
        {
            var process = ServerProcess.Start(folder, null, $"--Broker:Port={brokerPort}", $"--Urls=http://127.0.0.1:{webPort}", "--Alerts:Settle=00:00:00", $"--Alerts:Channels:ops:Webhook={listener.Address}", "--Alerts:Channels:ops:Every=0");
            await Eventually.Holds("the server answers", () => Ports.Answers(webPort), TimeSpan.FromSeconds(60));
            await Eventually.Holds("the broker answers", () => Ports.Answers(brokerPort), TimeSpan.FromSeconds(60));
            return process;
        }
    }

    [Fact]
    public async Task What_a_receiver_may_have_goes_out_under_no_other_key_whatever_it_answers_later()
    {
        await using var listener = (await WebhookListener.Start()).Then(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        }).Then(500);
        var time = new TimeAhead();
        await using var server = await Server.Start(services => services.AddSingleton<TimeProvider>(time), [.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        await server.Http.AddRule("""[{"to":["ops"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        await Fails("cannot be reached");
        TryAgain();
        await Fails("answered 500");
        await server.Publish(("wican/coolant_temperature", "99"));
        await Eventually.Holds("it is over", async () => (await server.Http.GetFromJsonAsync<JsonElement>("/alerts?state=open")).GetArrayLength() == 0);
        TryAgain();
        var posts = await listener.Got(4);
        posts.Select(posted => posted.Id[^2..]).Should().Equal(".1", ".1", ".1", ".2");
        posts.Take(3).Select(posted => (posted.Id, posted.Body)).Distinct().Should().ContainSingle();

        async Task Fails(string problem) =>
            await Eventually.Holds($"the channel fails: {problem}", async () => (await server.Http.Channel("ops")).GetProperty("last_error").GetString()?.Contains(problem, StringComparison.Ordinal) == true);

        void TryAgain()
        {
            time.Ahead += TimeSpan.FromMinutes(1);
            server.Service<ChannelWorkers>().WakeAll();
        }
    }

    [Fact]
    public async Task What_a_receiver_refuses_is_given_up_and_told_through_the_other_channels_until_it_takes_something()
    {
        await using var refusing = (await WebhookListener.Start()).Then(http =>
        {
            http.Response.StatusCode = 401;
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, "who are you?");
        });
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:bad:Webhook={refusing.Address}/secret", "Alerts:Channels:bad:Every=0", $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        var rule = await server.Http.AddRule("""[{"to":["bad"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        var told = (await listener.Got(1))[0];
        told.Json.GetProperty("title").GetString().Should().Be("Channel bad cannot deliver");
        var channel = await server.Http.Channel("bad");
        channel.GetProperty("given_up").GetInt64().Should().Be(1);
        channel.GetProperty("last_error").GetString().Should().Be("127.0.0.1 has answered 401 (who are you?)");
        channel.ToString().Should().NotContain("secret");
        (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?rule_id={rule}"))[0].GetProperty("deliveries")[0].GetProperty("given_up").GetBoolean().Should().BeTrue();

        using var ready = await server.Http.GetAsync("/health/ready");
        ready.StatusCode.Should().Be(HttpStatusCode.OK);
        (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("channels").GetProperty("problem").GetString().Should().Be("channel bad: 127.0.0.1 has answered 401 (who are you?)");
        (await server.Http.GetStringAsync("/metrics")).Should().MatchRegex("telemetry_deliveries_total\\{[^}]*channel=\"bad\"[^}]*outcome=\"given_up\"[^}]*\\} 1").And.MatchRegex("telemetry_deliveries_waiting\\{[^}]*channel=\"ops\"");

        await server.Publish(("wican/coolant_temperature", "99"));
        await refusing.Got(2);
        (await listener.Got(2))[1].Json.GetProperty("title").GetString().Should().Be("Over: Channel bad cannot deliver");
        (await server.Ready()).GetProperty("checks").GetProperty("channels").GetProperty("problem").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it_and_one_that_fails_for_a_day_is_given_up()
    {
        await using var failing = await WebhookListener.Start();
        failing.Then(http =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        }).Then([.. Enumerable.Repeat(503, 20)]);
        await using var listener = await WebhookListener.Start();
        var time = new TimeAhead();
        await using var server = await Server.Start(services => services.AddSingleton<TimeProvider>(time), [.. AlertRig.AtOnce, $"Alerts:Channels:bad:Webhook={failing.Address}", "Alerts:Channels:bad:Every=0", $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        var rule = await server.Http.AddRule("""[{"to":["bad"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        await Fails("429");
        Pass(TimeSpan.FromSeconds(50));
        (await server.Http.PostAsync("/alerts/channels/ops/test", null)).Dispose(); // Time for a try that must not come.
        failing.Posts.Should().ContainSingle();
        Pass(TimeSpan.FromSeconds(11));
        await Fails("503");
        failing.Posts.Should().HaveCount(2);
        Pass(TimeSpan.FromHours(23));
        await failing.Got(3);
        (await Delivery()).GetProperty("given_up").GetBoolean().Should().BeFalse();
        Pass(TimeSpan.FromHours(1));
        await failing.Got(4);
        await Eventually.Holds("it is given up", async () => (await Delivery()).GetProperty("given_up").GetBoolean());
        (await Delivery()).GetProperty("error").GetString().Should().Contain("503");
        await Eventually.Holds("another channel is told", () => listener.Posts.Any(posted => posted.Json.GetProperty("title").GetString() == "Channel bad cannot deliver"));
        failing.Posts.Select(posted => posted.Id).Distinct().Should().ContainSingle();

        async Task<JsonElement> Delivery() => (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?rule_id={rule}"))[0].GetProperty("deliveries")[0];

        async Task Fails(string problem) =>
            await Eventually.Holds($"the channel fails: {problem}", async () => (await server.Http.Channel("bad")).GetProperty("last_error").GetString()?.Contains(problem, StringComparison.Ordinal) == true);

        void Pass(TimeSpan span)
        {
            time.Ahead += span;
            server.Service<ChannelWorkers>().WakeAll();
        }
    }

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
    public async Task An_alert_that_is_over_at_once_is_told_all_the_same()
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
    public async Task A_snoozed_alert_is_told_once_more_when_the_snooze_is_over()
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
    public async Task A_rule_that_speaks_once_in_a_while_is_recorded_and_not_sent()
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
