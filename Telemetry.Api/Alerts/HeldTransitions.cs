using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Transitions that another server has to store and send: kept in case it stops before that. One caller at a time.</summary>
sealed class HeldTransitions
{
    // Longer than the takeover by another server.
    static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    readonly Dictionary<(int RuleId, Vehicle Vehicle), AlertTransition> _lasting = [];
    readonly Queue<AlertTransition> _recent = [];

    public void Add(AlertTransition transition, DateTime now)
    {
        var key = (transition.Rule.Id, transition.Vehicle);
        if (transition.Change == AlertChange.Fired) _lasting[key] = transition;
        else if (transition.Change != AlertChange.Waited) _lasting.Remove(key);
        else return;
        _recent.Enqueue(transition);
        while (_recent.TryPeek(out var oldest) && now - oldest.At > KeptFor) _recent.Dequeue();
    }

    /// <summary>Removes and returns those that the other server may not have stored: the recent ones, and those of alerts that are still open.</summary>
    public IReadOnlyList<AlertTransition> TakeAll(DateTime now)
    {
        List<AlertTransition> held = [.. _lasting.Values.Except(_recent).Concat(_recent.Where(transition => now - transition.At <= KeptFor)).OrderBy(transition => transition.At)];
        _lasting.Clear();
        _recent.Clear();
        return held;
    }

    public IReadOnlyList<AlertTransition> TakeFired(Vehicle vehicle, DateTime from)
    {
        if (_lasting.Count == 0) return [];
        List<AlertTransition> fired = [.. _lasting.Values.Where(transition => transition.Vehicle == vehicle && transition.At >= from)];
        foreach (var key in _lasting.Keys.Where(key => key.Vehicle == vehicle).ToList()) _lasting.Remove(key);
        return fired;
    }
}
