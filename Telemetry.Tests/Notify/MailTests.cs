using System.Text;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

public class MailTests
{
    [Fact]
    public async Task All_mail_of_an_alert_is_a_thread_and_no_name_adds_a_header()
    {
        await using var mail = new MailServer();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:mail:Smtp=smtp://us%40er:p%3Ass@127.0.0.1:{mail.Port}", "Alerts:Channels:mail:From=car@example.com",
            "Alerts:Channels:mail:To=me@example.com, you@example.com", "Alerts:Channels:mail:Every=0", "Alerts:Channels:mail:Language=fr"]);
        using var named = await server.Http.PatchAsync("/vehicles/1", new StringContent("""{"name":"\"><img onerror=é> Bcc: x@y"}""", Encoding.UTF8, "application/json"));
        named.IsSuccessStatusCode.Should().BeTrue();
        await server.Http.AddRule("""[{"to":["mail"]}]""", ",\"message\":\"{vehicle}\\r\\nBcc: x@y {value}\"");
        await server.Publish(("wican/coolant_temperature", "106"));
        var first = (await mail.Got(1))[0];
        await server.Publish(("wican/coolant_temperature", "99"));
        var second = (await mail.Got(2))[1];

        mail.Logins.Should().AllBe(":us@er:p:ss");
        first.From.Should().Be("car@example.com");
        first.To.Should().Equal("me@example.com", "you@example.com");
        first.Header("Bcc").Should().BeNull();
        first.Header("Auto-Submitted").Should().Be("auto-generated");
        first.Header("Content-Type").Should().StartWith("text/plain");
        first.Header("Message-Id").Should().EndWith(".1@example.com>");
        first.Header("In-Reply-To").Should().BeNull();
        second.Header("Message-Id").Should().EndWith(".2@example.com>");
        second.Header("In-Reply-To").Should().Be(first.Header("Message-Id"));
        second.Header("References").Should().Be(first.Header("Message-Id"));
        second.Header("Subject").Should().NotBeNull();
    }

    [Fact]
    public async Task A_receiver_that_there_is_not_is_given_up_at_once()
    {
        await using var mail = new MailServer { ToReceiver = "550 no such user" };
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:mail:Smtp=smtp://127.0.0.1:{mail.Port}", "Alerts:Channels:mail:From=car@example.com", "Alerts:Channels:mail:To=nobody@example.com"]);
        await server.Http.AddRule("""[{"to":["mail"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"));
        await Eventually.Holds("the mail is given up", async () => (await server.Http.Channel("mail")).GetProperty("given_up").GetInt64() == 1);
        (await server.Http.Channel("mail")).GetProperty("last_error").GetString().Should().Be("127.0.0.1 has answered 550 (no such user)");
    }
}
