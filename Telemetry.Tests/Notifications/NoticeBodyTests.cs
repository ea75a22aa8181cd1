using System.Text;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Notifications;

public class NoticeBodyTests
{
    const string EvilName = "\"><img onerror=…>\r\nBcc: x@y @everyone 😀";

    static readonly DateTime At = new(2026, 11, 26, 9, 4, 47, DateTimeKind.Utc);
    static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    static readonly AlertRule Rule = new(3, 1, [new Above(Signal.CoolantTemperature, 105, 100)]) { Name = "Coolant overheating", Severity = Severity.Critical };

    [Fact]
    public void An_alert_in_english_and_in_french()
    {
        var places = Words().PlacesOf(Fired("Golf"));
        places["title"].Should().Be("Coolant overheating · Golf");
        places["message"].Should().Be("Coolant 106.5 °C, above 105 °C since 10:04.");
        places["priority"].Should().Be("5");
        places["state"].Should().Be("firing");
        var french = Words(isFrench: true).PlacesOf(Fired("Golf"));
        french["message"].Should().Be("Refroidissement 106,5 °C, au-dessus de 105 °C depuis 10:04.");
    }

    [Fact]
    public void The_end_of_an_alert_has_its_worst_value_and_duration()
    {
        var places = Words().PlacesOf(Over("Golf"));
        places["title"].Should().Be("Over: Coolant overheating · Golf");
        places["message"].Should().Be("Coolant 108 °C from 10:04 to 10:09 (5 min), over.");
        places["ack_url"].Should().BeEmpty();
        Words(isFrench: true).PlacesOf(Over("Golf"))["message"].Should().Be("Refroidissement 108 °C de 10:04 à 10:09 (5 min), terminé.");
    }

    [Fact]
    public void A_rule_may_have_a_text_of_its_own()
    {
        var rule = new AlertRule(3, 1, Rule.When) { Name = Rule.Name, Message = "{vehicle}: {value} {unit}, limit {threshold}, {severity}{oops" };
        Words().PlacesOf(Fired("Golf", rule))["message"].Should().Be("Golf: 106.5 °C, limit 105, critical{oops");
    }

    [Theory]
    [InlineData("telemetry")]
    [InlineData("ntfy:cars")]
    [InlineData("gotify")]
    [InlineData("telegram:-100123")]
    [InlineData("pushover:token:user")]
    [InlineData("apprise")]
    [InlineData("discord")]
    [InlineData("alertmanager")]
    [InlineData("{\"text\":\"{title}: {message}\",\"value\":{value},\"vehicle\":{vehicle}}")]
    [InlineData("[{priority},\"{state} \\\" {vehicle}\",{peak}]")]
    public void Every_body_is_json_whatever_the_names_are(string body)
    {
        foreach (var digest in new[] { Fired(EvilName), Over(EvilName), Many(EvilName, 200) })
        {
            var text = NoticeBody.Parse(body).Write(digest, Words());
            using var json = JsonDocument.Parse(text);
            var strings = Strings(json.RootElement).ToList();
            strings.Should().Contain(part => part.Contains("Coolant overheating") || part.Contains("firing") || part.Contains("cleared"));
            strings.Should().NotContain(part => part.Contains('\r'));
        }
    }

    [Theory]
    [InlineData("\"\\\"", 4096)]
    [InlineData("😀🚗", 4096)]
    [InlineData("*_`<@everyone>", 4096)]
    [InlineData("a", 20)]
    public void No_text_is_longer_than_its_service_takes_and_the_address_is_whole(string name, int times)
    {
        var (url, vehicle) = ("https://car.example/alerts.html#0199", string.Concat(Enumerable.Repeat(name, times)));
        foreach (var digest in new[] { Fired(vehicle), Over(vehicle), Many(vehicle, 9) })
        {
            var ntfy = Body("ntfy:cars", "message");
            Encoding.UTF8.GetByteCount(ntfy.Text).Should().BeInRange(1, 4096);
            ntfy.Bytes.Should().BeLessThanOrEqualTo(8192, "ntfy reads no more of a JSON body than twice the size of a message");
            Body("telegram:1", "text").Text.Should().EndWith($"\n{url}").And.Subject.Length.Should().BeLessThanOrEqualTo(4096);
            Body("discord", "content").Text.Should().EndWith($"\n{url}").And.Subject.Length.Should().BeLessThanOrEqualTo(2000);
            Body("pushover:t:u", "message").Text.Length.Should().BeInRange(1, 1024);
            Body("pushover:t:u", "title").Text.Length.Should().BeInRange(1, 250);
            Body("pushover:t:u", "url").Text.Should().Be(url);
            Body("apprise", "body").Text.Should().EndWith($"\n{url}");

            (string Text, int Bytes) Body(string body, string field)
            {
                var text = NoticeBody.Parse(body).Write(digest, Words(new NoticeLinks(url, "")));
                using var json = JsonDocument.Parse(text);
                var shown = json.RootElement.GetProperty(field).GetString()!;
                shown.Should().Be(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown)), "no half of a pair is left");
                return (shown, Encoding.UTF8.GetByteCount(text));
            }
        }
    }

    [Fact]
    public void A_digest_names_all_vehicles()
    {
        var text = NoticeBody.Parse("ntfy:cars").Write(Many("van", 200), Words());
        for (var i = 0; i < 200; i++) (text + ",").Replace("\",", ",").Should().Contain($"van {i},");
        text.Should().Contain("200 alerts · Coolant overheating").And.NotContain("actions");
    }

    [Fact]
    public void Ntfy_is_given_a_page_to_open_and_a_button()
    {
        using var json = JsonDocument.Parse(NoticeBody.Parse("ntfy:cars").Write(Fired("Golf"), Words(new NoticeLinks("https://car.example/alerts.html", "https://car.example/ack"))));
        var body = json.RootElement;
        body.GetProperty("topic").GetString().Should().Be("cars");
        body.GetProperty("priority").GetInt32().Should().Be(5);
        body.GetProperty("click").GetString().Should().Be("https://car.example/alerts.html");
        var action = body.GetProperty("actions")[0];
        action.GetProperty("method").GetString().Should().Be("POST");
        action.GetProperty("url").GetString().Should().Be("https://car.example/ack");
    }

    [Fact]
    public void The_body_of_its_own_has_the_live_message_and_all_alerts()
    {
        using var json = JsonDocument.Parse(NoticeBody.Parse("telemetry").Write(Many("van", 2), Words()));
        var body = json.RootElement;
        body.GetProperty("type").GetString().Should().Be("alert");
        body.GetProperty("state").GetString().Should().Be("firing");
        body.GetProperty("data").GetProperty("signal").GetString().Should().Be("coolant_temperature");
        body.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("id").GetString()).Should().OnlyHaveUniqueItems().And.HaveCount(2).And.Contain(body.GetProperty("id").GetString());
    }

    [Fact]
    public void Alertmanager_is_given_an_end_that_lies_ahead_until_the_alert_is_over()
    {
        using var json = JsonDocument.Parse(NoticeBody.Parse("alertmanager").Write(Fired("Golf"), Words()));
        json.RootElement[0].GetProperty("startsAt").GetString().Should().Be("2026-11-26T09:04:47.000Z");
        json.RootElement[0].GetProperty("endsAt").GetString().Should().Be("2026-11-27T09:04:47.000Z");
        using var over = JsonDocument.Parse(NoticeBody.Parse("alertmanager").Write(Over("Golf"), Words()));
        over.RootElement[0].GetProperty("endsAt").GetString().Should().Be("2026-11-26T09:09:20.000Z");
    }

    [Fact]
    public void Alertmanager_ends_an_alert_whose_rule_and_vehicle_were_renamed()
    {
        var (fired, renamed) = (Fired("Golf"), Over("Polo"));
        renamed = renamed with { Notices = [.. renamed.Notices.Select(notice => notice with { Alert = notice.Alert with { Rule = "Hot" } })] };
        using var json = JsonDocument.Parse(NoticeBody.Parse("alertmanager").Write(fired, Words()));
        using var over = JsonDocument.Parse(NoticeBody.Parse("alertmanager").Write(renamed, Words()));
        JsonElement.DeepEquals(over.RootElement[0].GetProperty("labels"), json.RootElement[0].GetProperty("labels")).Should().BeTrue();
        over.RootElement[0].GetProperty("annotations").GetProperty("vehicle").GetString().Should().Be("Polo");
    }

    [Fact]
    public void Alertmanager_ends_an_alert_whose_rule_has_another_severity_now()
    {
        var over = Over("Golf");
        over = over with { Notices = [.. over.Notices.Select(notice => notice with { Alert = notice.Alert with { Severity = Severity.Info } })] };
        using var json = JsonDocument.Parse(NoticeBody.Parse("alertmanager").Write(Fired("Golf"), Words()));
        using var changed = JsonDocument.Parse(NoticeBody.Parse("alertmanager").Write(over, Words()));
        JsonElement.DeepEquals(changed.RootElement[0].GetProperty("labels"), json.RootElement[0].GetProperty("labels")).Should().BeTrue();
    }

    [Theory]
    [InlineData("slack", "takes telemetry, ntfy:topic, *")]
    [InlineData("ntfy", "takes telemetry, *")]
    [InlineData("ntfy:", "takes telemetry, *")]
    [InlineData("gotify:x", "takes telemetry, *")]
    [InlineData("ntfy:my cars", "has a topic that ntfy refuses; *")]
    [InlineData("ntfy:cars/golf", "has a topic that ntfy refuses; *")]
    [InlineData("{\"text\":\"{oops}\"}", "has the place {oops}; it takes {title}, {message}, *")]
    [InlineData("{\"text\":\"{message}\"", "takes JSON")]
    [InlineData("{\"text\":\"{{message}}\"}", null)]
    public void A_body_that_is_none_is_refused(string body, string? expected)
    {
        var parse = () => NoticeBody.Parse(body);
        if (expected is null) parse.Should().NotThrow(); // A brace around a place is a brace.
        else parse.Should().Throw<FormatException>().WithMessage(expected);
    }

    static NoticeText Words(NoticeLinks? links = null, bool isFrench = false) => new(isFrench, Paris, _ => links ?? NoticeLinks.None);

    static NoticeText Words(bool isFrench) => Words(null, isFrench);

    static Digest Fired(string vehicle, AlertRule? rule = null) => Digest.Of([new Notice(Alert(vehicle), rule ?? Rule, NoticeKind.Fired, 0)], new HashSet<string>(), At);

    static Digest Over(string vehicle) =>
        Digest.Of([new Notice(Alert(vehicle) with { ClearedAt = At.AddSeconds(273), Peak = 108, Version = 2 }, Rule, NoticeKind.Over, 0)], new HashSet<string>(), At.AddSeconds(280));

    static Digest Many(string vehicle, int count) =>
        Digest.Of(Enumerable.Range(0, count).Select(i => new Notice(Alert($"{vehicle} {i}"), Rule, NoticeKind.Fired, 0)), new HashSet<string>(), At);

    static Alert Alert(string name)
    {
        var vehicle = new VehicleRegistry().Default;
        vehicle.Name = name;
        return new Alert(AlertIds.New(At), 3, vehicle, Severity.Critical, At.AddSeconds(-30), At) { Rule = "Coolant overheating", Signal = Signal.CoolantTemperature, Value = 106.5, Threshold = 105 };
    }

    static IEnumerable<string> Strings(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
