using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Presence.PresenceRun;

namespace Telemetry.Tests.Presence;

/// <summary>Readings that repeat themselves.</summary>
public class StaleReadingsTests
{
    readonly PresenceRun _run = new(new PresenceLimits(Ten, TimeSpan.FromSeconds(60)));

    [Fact]
    public void Readings_that_repeat_themselves_for_a_minute_make_a_vehicle_offline_until_one_changes() =>
        _run.States(100_000, [.. Every(1000, 0, 70_000, _ => _run.Says(900)), (70_500, _run.Says(900, 51)), .. Every(1000, 71_000, 90_000, at => _run.Says(at))])
            .Should().Equal("0 running reading", "60000 offline stale", "70500 running reading", "100000 offline silence");

    [Fact]
    public void One_value_that_moves_among_many_keeps_a_vehicle_running() =>
        _run.States(205_000, [.. Every(1000, 0, 200_000, at => _run.Says(900, Math.Floor(at / 59_000)))]).Should().Equal("0 running reading");

    [Fact]
    public void Signals_that_come_one_by_one_repeat_themselves_too() =>
        _run.States(80_000, [.. Every(1000, 0, 80_000, at => at % 2000 == 0 ? _run.Car.Arrives(Cars.At(0, Signal.Rpm, 0)) : _run.Car.Arrives(Cars.At(0, Signal.VehicleSpeed, 0)))])
            .Should().Equal("0 running reading", "61000 offline stale");

    [Fact]
    public void A_stale_vehicle_that_falls_silent_needs_no_other_value_to_come_back() =>
        _run.States(3_620_000, [.. Every(1000, 0, 70_000, _ => _run.Says(900)), (3_600_000, _run.Says(900))])
            .Should().Equal("0 running reading", "60000 offline stale", "3600000 running reading", "3610000 offline silence");

    [Fact]
    public void Silence_restarts_the_wait_for_repetition() =>
        _run.States(100_000, [.. Every(1000, 0, 30_000, _ => _run.Says(900)), .. Every(1000, 45_000, 100_000, _ => _run.Says(900))])
            .Should().Equal("0 running reading", "40000 offline silence", "45000 running reading");

    [Fact]
    public void A_value_that_never_changes_is_enough_where_repetition_does_not_count()
    {
        var run = new PresenceRun();
        run.States(300_000, [.. Every(1000, 0, 295_000, _ => run.Says(900))]).Should().Equal("0 running reading");
    }
}
