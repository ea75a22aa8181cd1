using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Tests.Notifications;

public class QuietHoursTests
{
    [Theory]
    [InlineData("22:00-07:00 Europe/Paris", "2026-11-26T20:59:59", "2026-11-26T20:59:59")]
    [InlineData("22:00-07:00 Europe/Paris", "2026-11-26T21:00:00", "2026-11-27T06:00:00")]
    [InlineData("22:00-07:00 Europe/Paris", "2026-11-27T05:59:59", "2026-11-27T06:00:00")]
    [InlineData("22:00-07:00 Europe/Paris", "2026-11-27T06:00:00", "2026-11-27T06:00:00")]
    [InlineData("22:00-07:00", "2026-11-26T23:00:00", "2026-11-27T07:00:00")]
    [InlineData("12:00-14:00 America/New_York", "2026-07-01T16:30:00", "2026-07-01T18:00:00")]
    // The night of 25 October is an hour longer in Paris, that of 29 March an hour shorter.
    [InlineData("22:00-07:00 Europe/Paris", "2026-10-24T20:00:00", "2026-10-25T06:00:00")]
    [InlineData("22:00-07:00 Europe/Paris", "2026-03-28T21:00:00", "2026-03-29T05:00:00")]
    public void What_comes_in_quiet_hours_waits_for_their_end(string quiet, string at, string expected) =>
        QuietHours.Parse(quiet)!.Release(Utc(at), Severity.Warning).Should().Be(Utc(expected));

    [Fact]
    public void A_critical_alert_waits_only_where_all_do()
    {
        var night = Utc("2026-11-26T23:00:00");
        QuietHours.Parse("22:00-07:00")!.Release(night, Severity.Critical).Should().Be(night);
        QuietHours.Parse("22:00-07:00, all")!.Release(night, Severity.Critical).Should().Be(Utc("2026-11-27T07:00:00"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("22:00")]
    [InlineData("22:00-22:00")]
    [InlineData("22-07")]
    [InlineData("24:00-07:00")]
    [InlineData("22:00-07:00 Mars/Olympus")]
    [InlineData("22:00-07:00 Europe/Paris UTC")]
    [InlineData("22:00-07:00 Europe/Paris,some")]
    [InlineData("22:00-07:00,all,all")]
    public void Other_texts_are_none(string quiet) => QuietHours.Parse(quiet).Should().BeNull();

    static DateTime Utc(string text) => DateTime.SpecifyKind(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc);
}
