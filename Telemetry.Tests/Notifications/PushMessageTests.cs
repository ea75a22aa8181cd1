using System.Text;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Tests.Notifications;

public class PushMessageTests
{
    static readonly PushReader Reader = new("https://car.example", IsFrench: false, OpenAlerts: 3);

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("\"")]
    [InlineData("😀")]
    [InlineData("\\")]
    public void A_long_text_is_cut_to_what_push_services_take(string character)
    {
        foreach (var length in new[] { 1, 2000, 3000, 3400, 3600, 3700, 3800, 3993, 10_000, 100_000 })
        {
            var text = string.Concat(Enumerable.Repeat(character, length));
            var message = PushMessage.Of([NoticeOf(message: text)], Reader, _ => "https://car.example/ack");
            Encoding.UTF8.GetByteCount(message.Json).Should().BeLessThanOrEqualTo(PushMessage.MaxBytes);
            var body = Notification(message).GetProperty("body").GetString()!;
            if (body == text) continue;
            Encoding.UTF8.GetByteCount(message.Json).Should().BeGreaterThan(PushMessage.MaxBytes - 10, "nothing is cut needlessly");
            body.Should().EndWith("…");
            text.Should().StartWith(body[..^1]);
        }
    }

    [Fact]
    public void Of_many_alerts_as_many_lines_as_fit_and_the_number_of_the_others()
    {
        var few = Enumerable.Range(0, 10).Select(i => NoticeOf(title: $"Rule {i}", message: new string('x', 600), rule: $"Rule {i}")).ToList();
        var lines = Notification(PushMessage.Of(few, Reader, _ => "")).GetProperty("body").GetString()!.Split('\n');
        lines[^1].Should().Be($"and {10 - (lines.Length - 1)} more");
        lines[..^1].Should().OnlyContain(line => line.EndsWith("xxx"));
        var many = Enumerable.Range(0, 200).Select(i => NoticeOf(rule: "Offline", vehicle: $"car {i}")).ToList();
        var notification = Notification(PushMessage.Of(many, Reader, _ => ""));
        notification.GetProperty("title").GetString().Should().Be("200 alerts · Offline");
        notification.GetProperty("body").GetString().Should().StartWith("Offline: car 0, car 1, ").And.EndWith("car 199");
    }

    [Fact]
    public void A_notification_of_one_alert_is_replaced_and_one_of_several_is_not()
    {
        var (fired, other) = (NoticeOf(), NoticeOf());
        var (one, end, both) = (PushMessage.Of([fired], Reader, _ => "https://car.example/ack"), PushMessage.Of([fired with { IsOver = true, Key = $"{fired.AlertId}.2" }], Reader, _ => "https://car.example/ack"), PushMessage.Of([fired, other], Reader, _ => "https://car.example/ack"));
        (Notification(end).GetProperty("tag").GetString(), end.Topic).Should().Be((fired.AlertId.ToString(), one.Topic));
        foreach (var single in new[] { one, end }) Notification(single).GetProperty("navigate").GetString().Should().EndWith($"/alerts.html#{fired.AlertId}");
        both.Topic.Should().HaveLength(22).And.NotBe(one.Topic);
        Notification(both).GetProperty("tag").GetString().Should().NotBe(fired.AlertId.ToString());
        Notification(both).GetProperty("data").GetProperty("alerts").EnumerateArray().Select(id => id.GetString()).Should().Equal(fired.AlertId.ToString(), other.AlertId.ToString());
        Notification(one).GetProperty("data").GetProperty("ack").GetString().Should().Be("https://car.example/ack");
        foreach (var message in new[] { end, both })
        {
            Notification(message).TryGetProperty("actions", out _).Should().BeFalse();
            Notification(message).GetProperty("data").GetProperty("ack").ValueKind.Should().Be(JsonValueKind.Null);
        }
    }

    [Theory]
    [InlineData(Severity.Critical, 24, true)]
    [InlineData(Severity.Warning, 4, true)]
    [InlineData(Severity.Info, 1, false)]
    public void What_matters_more_is_kept_longer_and_wakes_the_phone(Severity severity, int hours, bool isUrgent)
    {
        var message = PushMessage.Of([NoticeOf() with { Severity = severity }], Reader, _ => "");
        (message.Lifetime, message.IsUrgent).Should().Be((TimeSpan.FromHours(hours), isUrgent));
        message.Topic.Should().HaveLength(22);
    }

    [Fact]
    public void In_French()
    {
        var notice = NoticeOf() with { Fr = new PushText("Chaud", "Il fait chaud.", "Chaud", "Golf") };
        var notification = Notification(PushMessage.Of([notice], Reader with { IsFrench = true }, _ => "https://car.example/ack"));
        notification.GetProperty("title").GetString().Should().Be("Chaud");
        notification.GetProperty("lang").GetString().Should().Be("fr");
        notification.GetProperty("actions")[0].GetProperty("title").GetString().Should().Be("Prendre en compte");
        Notification(PushMessage.Of([notice, NoticeOf()], Reader with { IsFrench = true }, _ => "")).GetProperty("title").GetString().Should().Be("2 alertes");
    }

    static JsonElement Notification(PushMessage message) => JsonDocument.Parse(message.Json).RootElement.GetProperty("notification");

    static PushNotice NoticeOf(string title = "Hot", string message = "It is hot.", string rule = "Hot", string vehicle = "Golf")
    {
        var id = AlertIds.New(DateTime.UtcNow);
        return new PushNotice($"{id}.1", id, 1, IsTest: false, Severity.Warning, IsOver: false, new PushText(title, message, rule, vehicle), new PushText(title, message, rule, vehicle));
    }
}
