using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Messages of one sender in the <see cref="HistoryQueue"/>, for fair turns. Guarded by the queue's lock.</summary>
sealed class HistorySource
{
    /// <summary>The messages, with their times of arrival.</summary>
    public Queue<(HistoryEntry Entry, long At)> Entries { get; } = new();

    /// <summary>Number of readings in them; a message without a reading counts as one.</summary>
    public long Waiting { get; set; }
}
