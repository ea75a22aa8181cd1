using Telemetry.Api.Broadcast;
using Telemetry.Core.Alerts;

namespace Telemetry.Tests.Broadcast;

/// <summary>Messages of alerts after each cursor.</summary>
public class AlertFramesTests
{
    static readonly DateTime Start = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_client_gets_what_came_after_its_cursor_and_one_far_behind_only_the_newest_of_each_alert()
    {
        var frames = new AlertFrames();
        frames.After(0, keepsUp: true, Subscription.ToAll).Frames.Should().Be(0);
        List<Alert> alerts = [.. Enumerable.Range(0, 300).Select(i => new Alert(AlertIds.New(Start.AddSeconds(i)), i + 1, null, Severity.Info, Start, Start))];
        foreach (var version in Enumerable.Range(1, 5))
            foreach (var alert in alerts) frames.Publish(alert with { Version = version }, Start);

        for (var behind = 0; behind <= 256; behind++)
            frames.After(frames.Newest - behind, keepsUp: true, Subscription.ToAll).Should().Match<Batch>(batch => batch.Frames == behind && batch.To == frames.Newest, $"{behind} behind");
        var (cursor, count) = (2L, 0);
        while (cursor < frames.Newest)
        {
            var batch = frames.After(cursor, keepsUp: true, Subscription.ToAll);
            batch.To.Should().BeGreaterThan(cursor);
            (cursor, count) = (batch.To, count + batch.Frames);
        }

        count.Should().Be(300);
    }
}
