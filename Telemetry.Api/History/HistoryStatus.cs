namespace Telemetry.Api.History;

/// <summary>How the store stands, for <c>/health/ready</c>. Thread-safe.</summary>
sealed class HistoryStatus
{
    readonly Lock _gate = new();
    string? _problem = "not opened yet";
    bool _isDirect;
    bool _isSpooling;

    /// <summary>What keeps readings from the store; null while they reach it.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate) return _isDirect ? null : _problem;
        }
    }

    /// <summary>Whether readings are kept in the spool meanwhile.</summary>
    public bool IsSpooling
    {
        get
        {
            lock (_gate) return !_isDirect && _isSpooling;
        }
    }

    /// <summary>Readings reach the store.</summary>
    /// <returns>Whether they did not until now.</returns>
    public bool Direct()
    {
        lock (_gate)
        {
            var wasSpooling = _isSpooling;
            (_isDirect, _isSpooling) = (true, false);
            return wasSpooling;
        }
    }

    /// <summary>They go to the spool.</summary>
    public void Spooling()
    {
        lock (_gate)
        {
            if (_isDirect) _problem = "the store is slow";
            (_isDirect, _isSpooling) = (false, true);
        }
    }

    /// <summary>The store, or the spool, failed.</summary>
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
