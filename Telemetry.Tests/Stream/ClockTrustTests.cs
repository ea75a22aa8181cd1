using Telemetry.Core.Time;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Stream;

/// <summary>A wall clock that was set far ahead is not believed at once.</summary>
public class ClockTrustTests
{
    [Fact]
    public void A_clock_is_trusted_after_it_has_run_on_for_long_enough()
    {
        var trust = ClockTrust.Begin(Cars.Noon, null);
        var ahead = Cars.Noon.AddDays(400);
        for (var start = 0; start < 10; start++) trust = trust.After(ahead.AddMinutes(start), TimeSpan.Zero);
        trust.Latest(ahead).Should().Be(Cars.Noon + ClockTrust.Interval);
        trust = trust.After(Cars.Noon.AddMinutes(5), TimeSpan.Zero);
        trust.Latest(Cars.Noon.AddMinutes(5)).Should().Be(Cars.Noon.AddMinutes(5));

        // A server in a car: 40 minutes a day.
        var day = Cars.Noon;
        for (var days = 1; days <= 10; days++)
        {
            day = Cars.Noon.AddDays(days);
            for (var minutes = 0; minutes <= 40; minutes += 10) trust = trust.After(day.AddMinutes(minutes), TimeSpan.FromMinutes(minutes == 0 ? 0 : 10));
        }

        (day - trust.Passed).Should().BeLessThan(TimeSpan.FromDays(4));
    }
}
