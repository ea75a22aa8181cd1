using Telemetry.Api.Http;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

sealed class BacktestLog
{
    // A flapping rule would fill the memory.
    const int MaxListed = 10_000;

    readonly List<BacktestAlert> _alerts = [];
    AlertTransition? _open;

    public long Fired { get; private set; }

    public IReadOnlyList<BacktestAlert> Alerts => _alerts;

    public TimeSpan LongestWait { get; private set; }

    /// <summary>Lowest and highest value of the rule's first signal, if that is a forecast.</summary>
    public (double Lowest, double Highest)? Extremes { get; set; }

    public void Add(AlertTransition transition)
    {
        switch (transition.Change)
        {
            case AlertChange.Fired:
                Fired++;
                _open = transition;
                break;
            case AlertChange.Cleared:
                List(transition.Peak, transition.At);
                break;
            case AlertChange.Waited:
                NoteWait(transition.Waited);
                break;
        }
    }

    public void End(IReadOnlyList<WatchState> watches)
    {
        foreach (var watch in watches)
        {
            if (watch.Phase == WatchPhase.Waiting) NoteWait(watch.Waited);
            else List(watch.Peak, clearedAt: null);
        }
    }

    void NoteWait(TimeSpan waited)
    {
        if (waited > LongestWait) LongestWait = waited;
    }

    void List(double? peak, DateTime? clearedAt)
    {
        if (_open is { } open && _alerts.Count < MaxListed)
            _alerts.Add(new BacktestAlert(Timestamps.Text(open.Since), Timestamps.Text(open.At), clearedAt is { } at ? Timestamps.Text(at) : null, open.Value, peak));
        _open = null;
    }
}
