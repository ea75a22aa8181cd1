using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Dates of alerts on a machine whose wall clock and stopwatch are never read at the same instant.</summary>
public sealed class AlertDateTests : IDisposable
{
    readonly SetClock _clock = new();
    readonly Subject<VehicleEvent> _events = new();
    readonly Vehicle _vehicle = new VehicleRegistry().Default;
    readonly List<AlertTransition> _transitions = [];

    public void Dispose() => _events.Dispose();

    void Watch(string rule)
    {
        var presence = new PresenceLimits(TimeSpan.FromMinutes(10), TimeSpan.Zero);
        var snapshot = VehicleSnapshot.Unheard(_vehicle, _clock.Now.UtcDateTime, presence.OfflineAfterOf(_vehicle));
        IReadOnlyList<AlertRule> rules = [new AlertRuleReader(new SignalCatalog()).Read(JsonDocument.Parse(rule).RootElement, 1, 1)];
        _events.WatchPresence(presence, _clock)
            .Select(observation => new SnapshotEvent(observation.Event, snapshot = snapshot.After(observation)))
            .WatchAlerts(Observable.Return(rules).Concat(Observable.Never<IReadOnlyList<AlertRule>>()), null, _clock)
            .Subscribe(_transitions.Add);
    }

    void Speed(double speed) => _events.OnNext(new Arrival(_vehicle, [new Reading(Signal.VehicleSpeed, speed, _clock.Now.UtcDateTime)]));

    Alert Fired(int place = 0) => Alert.Of(_transitions.Where(transition => transition.Change == AlertChange.Fired).ElementAt(place), _transitions[0].Rule);

    [Theory]
    [InlineData(0, -1)]
    [InlineData(1, -2)]
    [InlineData(9, 1)]
    [InlineData(5, -7)]
    [InlineData(3, 5000)]
    [InlineData(3, -5000)]
    public void The_wait_lasts_as_long_as_the_rule_requires(int remainder, int jitter)
    {
        _clock.Run(TimeSpan.FromTicks(remainder));
        Watch("""{"name":"fast","when":[{"signal":"vehicle_speed","above":120}],"for":3,"clear_for":1.5}""");
        Speed(130);
        _clock.Set(TimeSpan.FromTicks(jitter));
        _clock.Run(TimeSpan.FromSeconds(4));
        (Fired().FiredAt - Fired().Since).Should().Be(TimeSpan.FromSeconds(3));
        _clock.Set(TimeSpan.FromTicks(-2 * jitter));
        Speed(100);
        _clock.Run(TimeSpan.FromSeconds(4));
        var cleared = _transitions.Single(transition => transition.Change == AlertChange.Cleared);
        (Alert.Whole(cleared.At) - Fired().Since).Should().Be(TimeSpan.FromSeconds(5.5));
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(0.5)]
    public void A_clock_that_is_set_dates_what_comes_after(double seconds)
    {
        Watch("""{"name":"fast","when":[{"signal":"vehicle_speed","above":120}],"for":3}""");
        Speed(130);
        _clock.Set(TimeSpan.FromSeconds(seconds));
        _clock.Run(TimeSpan.FromSeconds(3));
        _transitions.Single().At.Should().Be(_clock.Now.UtcDateTime);
        Speed(100);
        Speed(130);
        _clock.Run(TimeSpan.FromSeconds(3));
        (Fired(1).FiredAt, Fired(1).FiredAt - Fired(1).Since).Should().Be((_clock.Now.UtcDateTime, TimeSpan.FromSeconds(3)));
    }
}
