using Telemetry.Core.Alerts;
using static Telemetry.Tests.Notifications.ChannelRun;

namespace Telemetry.Tests.Notifications;

/// <summary>Times of a channel's messages, on virtual time. The runs start at 12:00 UTC, 13:00 in Paris.</summary>
public class DueNoticesTests
{
    const double Hour = 3600;

    [Fact]
    public void An_alert_and_its_end_are_sent_at_once() =>
        new ChannelRun(Pace(0)).Fire(3).Clear(8).RunTo(100).Should().Equal("3 a fired", "8 a over");

    [Fact]
    public void An_alert_that_began_and_ended_while_the_channel_was_down_is_one_message()
    {
        var run = new ChannelRun(Pace(0));
        run.Do(0, () => run.IsDown = true).Fire(3).Clear(8).Do(50, () => run.IsDown = false).RunTo(100).Should().Equal("50 a over");
    }

    [Fact]
    public void The_first_goes_at_once_and_what_comes_within_the_pace_goes_together()
    {
        var run = new ChannelRun(Pace(60));
        for (var i = 0; i < 200; i++) run.Fire(i * 0.01, $"v{i}");
        var sent = run.RunTo(300);
        sent.Should().HaveCount(2);
        sent[0].Should().Be("0 v0 fired");
        sent[1].Should().StartWith("60 v1 fired, ").And.EndWith("v199 fired");
    }

    [Fact]
    public void Flapping_each_second_for_ten_minutes_is_eleven_messages()
    {
        var run = new ChannelRun(Pace(60));
        for (var i = 0; i < 300; i++) run.Fire(2 * i, $"v{i}").Clear(2 * i + 1, $"v{i}");
        run.RunTo(1000).Should().HaveCount(11);
    }

    [Fact]
    public void A_later_step_is_taken_unless_the_alert_is_acknowledged_or_over_by_then()
    {
        new ChannelRun(Pace(0), Step(after: 900)).Fire(0).RunTo(2000).Should().Equal("900 a fired");
        new ChannelRun(Pace(0), Step(after: 900)).Fire(0).Ack(899).RunTo(2000).Should().BeEmpty();
        new ChannelRun(Pace(0), Step(after: 900)).Fire(0).Clear(899).RunTo(2000).Should().BeEmpty();
        new ChannelRun(Pace(0), Step(), Step(after: 900)).Fire(0).RunTo(2000).Should().Equal("0 a fired", "900 a reminder 1");
    }

    [Fact]
    public void Reminders_stop_when_the_alert_is_acknowledged_and_its_end_is_sent()
    {
        new ChannelRun(Pace(0), Step(after: 10, repeat: 600)).Fire(0).Ack(1300).Clear(3000).RunTo(4000).Should().Equal("10 a fired", "610 a reminder 1", "1210 a reminder 2", "3000 a over");
        new ChannelRun(Pace(0), Step(repeat: 600)).Fire(0).Clear(700).RunTo(4000).Should().Equal("0 a fired", "600 a reminder 1", "700 a over");
    }

    [Fact]
    public void A_reminder_waits_until_the_alert_is_judged()
    {
        var run = new ChannelRun(Pace(0), Step(repeat: 600)).Fire(0);
        run.Do(100, () => run.IsJudged = false).Do(2000, () => run.IsJudged = true).RunTo(2500).Should().Equal("0 a fired", "2000 a reminder 1", "2400 a reminder 2");
    }

    [Fact]
    public void A_snoozed_alert_is_sent_once_more_when_the_snooze_is_over()
    {
        new ChannelRun(Pace(0), Step(repeat: 60)).Fire(0).Snooze(10, until: 310).Ack(320).RunTo(1000).Should().Equal("0 a fired", "310 a reminder 1");
        new ChannelRun(Pace(0)).Fire(0).Snooze(10, until: 310).RunTo(1000).Should().Equal("0 a fired", "310 a reminder 1");
        new ChannelRun(Pace(0)).Fire(0).Snooze(10, until: 310).Clear(200).RunTo(1000).Should().Equal("0 a fired", "200 a over");
        new ChannelRun(Pace(0), Step(after: 20)).Fire(0).Snooze(10, until: 310).RunTo(1000).Should().Equal("310 a fired");
    }

    [Fact]
    public void In_quiet_hours_nothing_is_sent_and_at_their_end_one_message_lists_what_is_open()
    {
        // 14:00 to 15:00 in Paris: 3600 to 7200.
        var run = new ChannelRun(Pace(60, "14:00-15:00 Europe/Paris")).Fire(3000, "before").Fire(4000, "open").Fire(4100, "gone").Clear(4200, "gone").Fire(5000, "late").Clear(5500, "before");
        run.RunTo(4 * Hour).Should().Equal("3000 before fired", "7200 before over, open fired, late fired");
    }

    [Fact]
    public void A_critical_alert_passes_unless_all_are_quiet()
    {
        new ChannelRun(Pace(0, "14:00-15:00 Europe/Paris")).Fire(4000, severity: Severity.Critical).RunTo(3 * Hour).Should().Equal("4000 a fired");
        new ChannelRun(Pace(0, "14:00-15:00 Europe/Paris,all")).Fire(4000, severity: Severity.Critical).RunTo(3 * Hour).Should().Equal("7200 a fired");
    }

    [Fact]
    public void An_end_by_a_changed_rule_is_sent_to_mirrors_only()
    {
        new ChannelRun(Pace(0)).Fire(0).Clear(10, endedBy: "rule").RunTo(100).Should().Equal("0 a fired");
        new ChannelRun(Pace(0) with { IsMirror = true }).Fire(0).Clear(10, endedBy: "rule").RunTo(100).Should().Equal("0 a fired", "10 a over");
    }
}
