using Telemetry.Core.Notifications;

namespace Telemetry.Tests.Notifications;

public class RetryPlanTests
{
    static readonly DateTime First = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Tries_come_after_seconds_minutes_then_hourly_with_a_tenth_of_the_wait_more_or_less(double chance)
    {
        var tries = new List<double> { 0 };
        while (tries.Count < 9) tries.Add((RetryPlan.Next(First, First.AddSeconds(tries[^1]), First.AddSeconds(tries[^1]), null, chance) - First).TotalSeconds);
        double[] plan = [0, 5, 30, 120, 600, 1800, 5400, 9000, 12600];
        for (var i = 1; i < plan.Length; i++) tries[i].Should().BeApproximately(Math.Max(plan[i] + (plan[i] - plan[i - 1]) * 0.1 * (2 * chance - 1), i == 1 ? 5 : 0), 1e-6);
    }

    [Fact]
    public void A_try_that_took_long_is_not_followed_at_once() =>
        RetryPlan.Next(First, First, First.AddSeconds(10), null, chance: 0.5).Should().Be(First.AddSeconds(15));

    [Theory]
    [InlineData(60, 60)]
    [InlineData(0, 5)]
    [InlineData(1800, 1800)]
    [InlineData(7200, 3600)]
    public void Retry_After_of_a_receiver_is_limited_to_an_hour(double retryAfter, double expected) =>
        RetryPlan.Next(First, First, First.AddSeconds(1), TimeSpan.FromSeconds(retryAfter), chance: 0.5).Should().Be(First.AddSeconds(1 + expected));

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(410, true)]
    [InlineData(408, false)]
    [InlineData(425, false)]
    [InlineData(429, false)]
    [InlineData(302, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public void What_a_receiver_refuses_for_good_is_not_tried_again(int status, bool isRefusal) => RetryPlan.IsRefusal(status).Should().Be(isRefusal);
}
