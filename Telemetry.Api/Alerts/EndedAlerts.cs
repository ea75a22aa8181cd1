using System.Diagnostics;
using Telemetry.Api.History;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>Recently ended alerts: the store may not have their end yet. One caller at a time.</summary>
sealed class EndedAlerts(HistoryStatus status)
{
    const int MaxKept = 1000;

    // Longer than the result of a read can be outdated.
    static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    readonly Dictionary<Guid, Kept> _kept = [];
    readonly HashSet<Guid> _ids = [];
    readonly Queue<(Guid Id, long At)> _order = [];

    public IEnumerable<Alert> All => _kept.Values.Select(kept => kept.Alert);

    public bool Contains(Guid id) => _ids.Contains(id);

    public void Add(Alert alert, AlertWrite write)
    {
        while (_order.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.At) > KnownFor) _ids.Remove(_order.Dequeue().Id);
        if (_ids.Add(alert.Id)) _order.Enqueue((alert.Id, Stopwatch.GetTimestamp()));
        if (_kept.Count >= MaxKept || status.IsDirect)
            foreach (var (id, kept) in _kept.Where(pair => pair.Value.Write.Durable.IsCompleted && (status.IsDirect || pair.Value.Alert.FiredAt < alert.FiredAt)).ToList()) _kept.Remove(id);
        _kept[alert.Id] = new Kept(alert, write);
    }

    sealed record Kept(Alert Alert, AlertWrite Write);
}
