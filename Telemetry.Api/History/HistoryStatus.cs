namespace Telemetry.Api.History;

/// <summary>How the store stands, for <c>/health/ready</c>.</summary>
sealed class HistoryStatus
{
    volatile string? _problem = "not opened yet";

    /// <summary>What keeps readings from being written; null while they can be.</summary>
    public string? Problem => _problem;

    /// <summary>Whether the last attempt failed.</summary>
    public bool WasLost { get; private set; }

    /// <summary>The last attempt succeeded.</summary>
    public void Usable()
    {
        _problem = null;
        WasLost = false;
    }

    /// <summary>The last attempt failed.</summary>
    public void Lost(string problem)
    {
        _problem = problem;
        WasLost = true;
    }
}
