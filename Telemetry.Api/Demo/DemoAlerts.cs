using Telemetry.Core.Alerts;
using Telemetry.Core.Playback;
using Telemetry.Core.Presence;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Demo;

/// <summary>Alerts of a simulated past: judged as a back-test judges recorded readings. Those that last until its end are left out, because the live pipeline raises them itself.</summary>
sealed class DemoAlerts : IDisposable
{
    readonly RecordingReplay _replay;
    readonly Dictionary<int, Alert> _open = []; // By rule.

    public DemoAlerts(Vehicle vehicle, PresenceLimits presence, DateTime start, IReadOnlyList<AlertRule> rules)
    {
        _replay = new RecordingReplay(vehicle, presence, [], start, judgesAlerts: true);
        _replay.Alerts.Subscribe(Follow);
        _replay.SetRules(rules);
    }

    public List<Alert> Ended { get; } = [];

    public void Add(Reading[] readings) => _replay.Feed(readings);

    public void Dispose() => _replay.Dispose();

    void Follow(AlertTransition transition)
    {
        if (transition.Change == AlertChange.Fired) _open[transition.Rule.Id] = Alert.Of(transition, transition.Rule);
        else if (transition.Change == AlertChange.Cleared && _open.Remove(transition.Rule.Id, out var alert))
            Ended.Add(alert with { ClearedAt = Alert.Whole(transition.At), JudgedAt = Alert.Whole(transition.At), Peak = transition.Peak ?? alert.Peak, Version = 2 });
    }
}
