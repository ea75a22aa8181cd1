using Telemetry.Api.Store;

namespace Telemetry.Api.History;

sealed class HistorySource
{
    public Queue<(HistoryEntry Entry, long At)> Entries { get; } = new();

    /// <summary>Readings in them; a message without readings counts as one.</summary>
    public long Waiting { get; set; }
}
