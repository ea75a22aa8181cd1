using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Messages of one sender in the <see cref="HistoryQueue"/>, so that each sender has its turn. Belongs to the queue.</summary>
sealed class HistorySource
{
    /// <summary>The messages, with the time that each came.</summary>
    public Queue<(HistoryEntry Entry, long At)> Entries { get; } = new();

    /// <summary>Readings in them; a message without a reading counts as one.</summary>
    public long Waiting { get; set; }
}
