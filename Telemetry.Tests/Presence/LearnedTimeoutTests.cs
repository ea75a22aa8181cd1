using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;
using static Telemetry.Tests.Presence.PresenceRun;

namespace Telemetry.Tests.Presence;

/// <summary>Time of silence learned from the period of publishing.</summary>
public class LearnedTimeoutTests
{
    static readonly PresenceLimits Learning = new(null, TimeSpan.Zero);

    readonly PresenceRun _run = new(Learning);

    [Fact]
    public void A_learned_timeout_outlives_a_restart() =>
        _run.States(60_000, (0, new RestoredValues(_run.Car, []) { HeardWith = TimeSpan.FromSeconds(25) }), (1000, new TakenOver(_run.Car, TimeSpan.FromSeconds(4)))).Should().Equal("1000 running reading", "22000 offline silence");

    [Theory]
    [InlineData(1000, 10_000)]
    [InlineData(5000, 12_500)]
    [InlineData(60_000, 150_000)]
    [InlineData(600_000, 1_500_000)]
    public void The_time_of_silence_may_be_learned_from_the_period_of_publishing(double period, double expected)
    {
        var last = period * 10;
        _run.Silences(last + expected - 1, [.. Every(period, 0, last, _ => _run.Says(900))]).Should().NotContain(silence => silence.At > last);
        var again = new PresenceRun(Learning);
        again.Silences(last + expected, [.. Every(period, 0, last, _ => again.Says(900))]).Should().Contain((last + expected, again.Car));
    }

    [Fact]
    public void The_period_is_that_of_a_round_where_signals_come_one_by_one()
    {
        var signals = new[] { Signal.Rpm, Signal.VehicleSpeed, Signal.CoolantTemperature, Signal.EngineLoad };
        var inputs = Every(8000, 0, 80_000, _ => _run.Says(0)).SelectMany(round => signals.Select((signal, i) => (round.Item1 + i * 100, _run.Car.Arrives(Cars.At(0, signal, 1)))));
        _run.Observe(80_500, [.. inputs]).Last().Value.Presence.OfflineAfter.Should().Be(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_night_and_a_single_pause_do_not_change_the_learned_timeout()
    {
        var night = Every(1000, 0, 20_000, at => _run.Says(at)).Append((30_000_000, _run.Says(1)));
        _run.Observe(30_000_001, [.. night]).Last().Value.Presence.OfflineAfter.Should().Be(Ten);
        var pause = new PresenceRun(Learning);
        pause.Observe(330_000, [.. Every(1000, 0, 20_000, at => pause.Says(at)), .. Every(1000, 320_000, 330_000, at => pause.Says(at))]).Last().Value.Presence.OfflineAfter.Should().Be(Ten);
    }

    [Fact]
    public void A_configured_timeout_wins_over_a_learned_one()
    {
        _run.Car.OfflineAfter = TimeSpan.FromSeconds(7);
        _run.Observe(40_000, [.. Every(5000, 0, 40_000, _ => _run.Says(900))]).Last().Value.Presence.OfflineAfter.Should().Be(TimeSpan.FromSeconds(7));
    }
}
