using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Messages of one sender in the <see cref="HistoryQueue"/>, for fair turns. Guarded by the queue's lock.</summary>
sealed class HistorySource
{
    public Queue<(HistoryEntry Entry, long At)> Entries { get; } = new();

    /// <summary>Readings in them; a message without readings counts as one.</summary>
    public long Waiting { get; set; }
}
