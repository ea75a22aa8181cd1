using Telemetry.Api.Http;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>Collects what a rule does in a back-test.</summary>
sealed class BacktestLog
{
    // A rule that flaps would fill the memory.
    const int MaxListed = 10_000;

    readonly List<BacktestAlert> _alerts = [];
    AlertTransition? _open;

    /// <summary>Number of fired alerts.</summary>
    public long Fired { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<BacktestAlert> Alerts => _alerts;

    /// <summary>Longest wait that did not fire.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Takes in a change.</summary>
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

    /// <summary>The range is over.</summary>
    /// <param name="watches">Watches that wait or have fired then.</param>
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
