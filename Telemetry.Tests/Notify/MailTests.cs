using System.Text;
using Telemetry.Api.Notify;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;
using Telemetry.Tests.Support;
using MailServer = Telemetry.Tests.Support.MailServer;

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

    [Fact]
    public async Task One_receiver_that_there_is_not_keeps_the_mail_from_no_other_and_one_that_is_busy_gets_it_later()
    {
        await using var mail = new MailServer();
        mail.ToReceivers["gone@example.com"] = "550 no such user";
        mail.ToReceivers["busy@example.com"] = "450 later";
        var send = SenderTo(mail, "", "gone@example.com", "me@example.com", "busy@example.com");
        (await send()).Should().Be(new SendOutcome(SendResult.Failed, "127.0.0.1 has answered 450 (later) for 1 of 3 receivers"));
        mail.Mails.Should().ContainSingle().Which.To.Should().Equal("me@example.com");
        mail.ToReceivers.TryRemove("busy@example.com", out _);
        (await send()).Should().Be(SendOutcome.Sent);
        mail.Mails[^1].To.Should().Equal("busy@example.com");
        (await SenderTo(mail, "", "gone@example.com", "me@example.com")()).Should().Be(new SendOutcome(SendResult.Sent, "127.0.0.1 has answered 550 (no such user) for 1 of 2 receivers"));
    }

    [Theory]
    [InlineData("454 temporary failure", nameof(SendResult.Failed))]
    [InlineData("535 wrong password", nameof(SendResult.Refused))]
    public async Task A_login_is_refused_only_for_good(string answer, string expected)
    {
        await using var mail = new MailServer { ToLogin = answer };
        (await SenderTo(mail, "user", "me@example.com")()).Result.ToString().Should().Be(expected);
    }

    [Fact]
    public async Task A_server_that_requires_a_login_is_tried_again()
    {
        await using var mail = new MailServer { ToSender = "530 authentication required" };
        (await SenderTo(mail, "", "me@example.com")()).Should().Be(new SendOutcome(SendResult.Failed, "127.0.0.1 asks for a login (authentication required)"));
    }

    [Fact]
    public async Task Mail_goes_out_encrypted_where_the_certificate_is_trusted_and_says_why_where_it_is_not()
    {
        using var folder = new TempFolder();
        using var own = new CertificateAuthority();
        using var unknown = new CertificateAuthority();
        await File.WriteAllTextAsync(folder["ca.pem"], own.Certificate.ExportCertificatePem());
        await using var starting = new MailServer { Certificate = own.Issue("localhost") };
        await using var tls = new MailServer { Certificate = own.Issue("localhost"), IsTlsFirst = true };
        await using var stranger = new MailServer { Certificate = unknown.Issue("localhost") };
        await using var server = await Executable.Start(new Dictionary<string, string> { ["SSL_CERT_FILE"] = folder["ca.pem"] },
            [.. Channel("starting", "smtp", starting), .. Channel("tls", "smtps", tls), .. Channel("stranger", "smtp", stranger)]);
        foreach (var (name, mail) in new[] { ("starting", starting), ("tls", tls) })
        {
            (await Test(name)).Should().Contain("\"id\"");
            mail.Logins.Should().Equal(":me@example.com:secret/1");
            (await mail.Got(1))[0].To.Should().Equal("you@example.com");
        }

        (await Test("stranger")).Should().Contain("localhost cannot be reached (its certificate: ").And.NotContain("secret");
        stranger.Logins.Should().BeEmpty();

        async Task<string> Test(string name)
        {
            using var answer = await server.Http.PostAsync($"/alerts/channels/{name}/test", null);
            return await answer.Content.ReadAsStringAsync();
        }

        static string[] Channel(string name, string scheme, MailServer mail) =>
            [$"--Alerts:Channels:{name}:Smtp={scheme}://me%40example.com:secret%2F1@localhost:{mail.Port}", $"--Alerts:Channels:{name}:To=you@example.com"];
    }

    static Func<Task<SendOutcome>> SenderTo(MailServer mail, string user, params string[] to)
    {
        var sender = new MailSender(new Api.Notify.MailServer("127.0.0.1", mail.Port, IsTls: false, user, "secret", "car@example.com", to), new NoticeText(isFrench: false, TimeZoneInfo.Utc, _ => NoticeLinks.None));
        var at = DateTime.UtcNow;
        var content = sender.Write(Digest.Of([new Notice(new Alert(AlertIds.New(at), 0, null, Severity.Info, at, at) { Rule = "Test" }, null, NoticeKind.Fired, 0)], new HashSet<string>(), at));
        return () => sender.SendAsync("a.1", content, TestContext.Current.CancellationToken);
    }
}
