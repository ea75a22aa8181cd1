using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telemetry.Tests.Support;
using MailServer = Telemetry.Tests.Support.MailServer;

namespace Telemetry.Tests.Notify;

/// <summary>Messages to receivers that fail, refuse or hang.</summary>
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
            await Car.PublishOnce(brokerPort, "wican/coolant_temperature", "106");
            await Eventually.Holds("a try has failed", async () => (await http.Channel("ops")).GetProperty("last_error").ValueKind == JsonValueKind.String);
            alertId = (await http.GetFromJsonAsync<JsonElement>("/alerts"))[0].GetProperty("alert_id").GetString()!;
        } // Killed.

        await listener.Resume();
        using (await Run())
        {
            await listener.Got(1);
            await Car.PublishOnce(brokerPort, "wican/coolant_temperature", "107");
            await Car.PublishOnce(brokerPort, "wican/coolant_temperature", "99");
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
        await server.Http.Fails("ops", "cannot be reached");
        server.Pass(time, TimeSpan.FromMinutes(1));
        await server.Http.Fails("ops", "answered 500");
        await server.Publish(("wican/coolant_temperature", "99"));
        await Eventually.Holds("it is over", async () => (await server.Http.GetFromJsonAsync<JsonElement>("/alerts?state=open")).GetArrayLength() == 0);
        server.Pass(time, TimeSpan.FromMinutes(1));
        var posts = await listener.Got(4);
        posts.Select(posted => posted.Id[^2..]).Should().Equal(".1", ".1", ".1", ".2");
        posts.Take(3).Select(posted => (posted.Id, posted.Body)).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_refused_message_is_given_up_and_reported_by_the_other_channels_until_one_is_accepted()
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
    public async Task Retry_After_is_followed_and_a_receiver_that_fails_for_a_day_is_given_up()
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
        await server.Http.Fails("bad", "429");
        server.Pass(time, TimeSpan.FromSeconds(50));
        await ChannelLooks();
        failing.Posts.Should().ContainSingle();
        server.Pass(time, TimeSpan.FromSeconds(11));
        await server.Http.Fails("bad", "503");
        failing.Posts.Should().HaveCount(2);
        server.Pass(time, TimeSpan.FromHours(23));
        await failing.Got(3);
        (await Delivery()).GetProperty("given_up").GetBoolean().Should().BeFalse();
        server.Pass(time, TimeSpan.FromHours(1));
        await failing.Got(4);
        await Eventually.Holds("it is given up", async () => (await Delivery()).GetProperty("given_up").GetBoolean());
        (await Delivery()).GetProperty("error").GetString().Should().Contain("503");
        await Eventually.Holds("another channel is told", () => listener.Posts.Any(posted => posted.Json.GetProperty("title").GetString() == "Channel bad cannot deliver"));
        failing.Posts.Select(posted => posted.Id).Distinct().Should().ContainSingle();

        async Task<JsonElement> Delivery() => (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?rule_id={rule}"))[0].GetProperty("deliveries")[0];

        // It counts an alert that comes and, in a later step, that it was acknowledged: a step before has ended, with its try.
        async Task ChannelLooks()
        {
            var other = await server.Http.AddRule("""[{"to":["bad"]}]""", name: "Other");
            await server.Publish(("wican/coolant_temperature", "107"));
            await Waiting(2);
            var alert = (await server.Http.GetFromJsonAsync<JsonElement>($"/alerts?rule_id={other}"))[0].GetProperty("alert_id").GetString();
            (await server.Http.PostAsync($"/alerts/{alert}/ack", null)).EnsureSuccessStatusCode();
            await Waiting(1);
        }

        Task Waiting(int count) => Eventually.Holds($"{count} wait", async () => (await server.Http.Channel("bad")).GetProperty("waiting").GetInt32() == count);
    }
}
