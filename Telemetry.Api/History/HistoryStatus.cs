namespace Telemetry.Api.History;

/// <summary>How the store stands, for <c>/health/ready</c>.</summary>
sealed class HistoryStatus
{
    volatile string? _problem = "not opened yet";

    /// <summary>What keeps readings from being written; null while they can be.</summary>
    public string? Problem => _problem;

    public void Usable() => _problem = null;

    public void Lost(string problem) => _problem = problem;
}
