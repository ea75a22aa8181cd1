using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;

namespace Telemetry.Tests.Notifications;

public class ServerWatchTests
{
    static readonly DateTime Start = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void What_is_away_for_a_minute_fires_once_until_it_is_back()
    {
        var watch = new ServerWatch(ServerRules.Store);
        List<(int Second, Alert Alert)> fired = [];
        for (var second = 0; second < 300; second++)
            if (watch.Observe(isAway: second is (>= 10 and < 69) or (>= 100 and < 200) or >= 230, Start.AddSeconds(second)) is { } alert) fired.Add((second, alert));
        fired.Select(one => one.Second).Should().Equal(160, 290);
        fired[0].Alert.Should().BeEquivalentTo(new { Rule = "The store is away", RuleId = -1, Vehicle = (object?)null, Severity = Severity.Warning, Since = Start.AddSeconds(100), FiredAt = Start.AddSeconds(160) });
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_hold_it_up()
    {
        var watch = new ServerWatch(ServerRules.Broker);
        watch.Observe(isAway: true, Start).Should().BeNull();
        watch.Observe(isAway: true, Start.AddHours(-1)).Should().BeNull();
        watch.Observe(isAway: true, Start.AddHours(-1).AddSeconds(60)).Should().NotBeNull();
    }

    [Fact]
    public void An_alert_about_a_channel_has_an_id_of_its_own() =>
        new[] { "a", "b", "mail", "phone" }.Select(ServerRules.OfChannel).Should().OnlyHaveUniqueItems().And.OnlyContain(id => id < -100);
}
