namespace Telemetry.Api.History;

/// <summary>How the store stands, for <c>/health/ready</c>. Thread-safe.</summary>
sealed class HistoryStatus
{
    readonly Lock _gate = new();
    string? _problem = "not opened yet";
    bool _isDirect;
    bool _isSpooling;
    bool _isSpoolLost;

    /// <summary>What keeps readings from the store; null while they reach it.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate) return _isDirect ? null : _problem;
        }
    }

    /// <summary>Whether readings are, or would be, kept in the spool meanwhile.</summary>
    public bool IsSpooling
    {
        get
        {
            lock (_gate) return !_isDirect && !_isSpoolLost;
        }
    }

    /// <summary>Readings reach the store.</summary>
    /// <returns>Whether they did not until now.</returns>
    public bool Direct()
    {
        lock (_gate)
        {
            var wasSpooling = _isSpooling;
            (_isDirect, _isSpooling, _isSpoolLost) = (true, false, false);
            return wasSpooling;
        }
    }

    /// <summary>They go to the spool.</summary>
    public void Spooling()
    {
        lock (_gate)
        {
            if (_isDirect) _problem = "the store is slow";
            (_isDirect, _isSpooling, _isSpoolLost) = (false, true, false);
        }
    }

    /// <summary>Readings can be kept nowhere.</summary>
    public void SpoolLost(string problem)
    {
        lock (_gate) (_isDirect, _isSpoolLost, _problem) = (false, true, problem);
    }

    /// <summary>The store failed.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Lost(string problem)
    {
        lock (_gate)
        {
            var isNews = _isDirect || _problem != problem;
            (_isDirect, _problem) = (false, problem);
            return isNews;
        }
    }
}
