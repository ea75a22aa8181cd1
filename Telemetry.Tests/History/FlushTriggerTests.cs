using System.Diagnostics;
using Telemetry.Api.History;

namespace Telemetry.Tests.History;

public class FlushTriggerTests
{
    readonly FlushTrigger _trigger = new(TimeSpan.FromSeconds(1));
    long _now = Stopwatch.Frequency;

    void Pass(double milliseconds) => _now += (long)(milliseconds * Stopwatch.Frequency / 1000);

    void Expect(FlushReason reason, double milliseconds, long waiting = 1) =>
        _trigger.Next(waiting, _now).Should().Be((TimeSpan.FromMilliseconds(milliseconds), reason));

    [Fact]
    public void Readings_without_an_acknowledgement_are_written_once_their_first_one_is_old()
    {
        _trigger.Add(isAwaited: false, _now).Should().BeTrue();
        Pass(300);
        _trigger.Add(isAwaited: false, _now).Should().BeFalse();
        Expect(FlushReason.Age, 700);
        Pass(700);
        Expect(FlushReason.Age, 0);
    }

    [Fact]
    public void A_full_batch_is_written_at_once()
    {
        _trigger.Add(isAwaited: false, _now);
        Expect(FlushReason.Age, 1000, HistoryQueue.BatchSize - 1);
        Expect(FlushReason.Full, 0, HistoryQueue.BatchSize);
    }

    [Fact]
    public void An_alert_is_written_at_once()
    {
        for (var i = 0; i < 3; i++, Pass(50)) _trigger.Add(isAwaited: true, _now);
        _trigger.Next(3, _now).Wait.Should().BeGreaterThan(TimeSpan.Zero);
        _trigger.Add(isAwaited: true, _now, isUrgent: true).Should().BeTrue();
        Expect(FlushReason.Alert, 0);
        _trigger.Taken(4, isEmpty: true, _now);
        _trigger.Add(isAwaited: true, _now);
        _trigger.Next(1, _now).Wait.Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void Half_of_a_default_window_is_written_at_once()
    {
        for (var i = 1; i < 10; i++) _trigger.Add(isAwaited: true, _now).Should().Be(i == 1);
        _trigger.Next(9, _now).Reason.Should().Be(FlushReason.Pause);
        _trigger.Add(isAwaited: true, _now).Should().BeTrue();
        Expect(FlushReason.Window, 0);
    }

    [Fact]
    public void A_sender_that_stops_in_a_series_is_not_kept_waiting()
    {
        foreach (var _ in Enumerable.Range(0, 9))
        {
            _trigger.Add(isAwaited: true, _now);
            Pass(5);
        }

        var (wait, reason) = _trigger.Next(9, _now);
        reason.Should().Be(FlushReason.Pause);
        wait.TotalMilliseconds.Should().BeInRange(14, 17, "four gaps of 5 ms, one of which is over");
        Pass(20);
        Expect(FlushReason.Pause, 0);
    }

    [Fact]
    public void The_wait_for_an_acknowledgement_is_no_gap_of_the_sender()
    {
        for (var i = 0; i < 20; i++)
        {
            _trigger.Add(isAwaited: true, _now);
            _trigger.Taken(awaited: 1, isEmpty: true, _now);
            Pass(100);
            _trigger.Answered(_now);
        }

        _trigger.Add(isAwaited: true, _now);
        Expect(FlushReason.Pause, 2);
    }

    [Fact]
    public void What_is_left_of_a_larger_number_waits_for_its_own_time()
    {
        _trigger.Add(isAwaited: false, _now);
        Pass(900);
        _trigger.Taken(awaited: 0, isEmpty: false, _now);
        Expect(FlushReason.Age, 1000);
        _trigger.Taken(awaited: 0, isEmpty: true, _now);
        _trigger.Add(isAwaited: false, _now).Should().BeTrue("it is the first one again");
    }
}
