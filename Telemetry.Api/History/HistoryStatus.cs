namespace Telemetry.Api.History;

/// <summary>How the store stands, for <c>/health/ready</c>. Thread-safe.</summary>
sealed class HistoryStatus
{
    const string Slow = "the store is slow";

    readonly Lock _gate = new();
    string? _ofStore = "not opened yet";
    string? _ofSpool;
    bool _isSpooling;

    /// <summary>What keeps readings from the store, and from the spool too if they are; null while they reach the store.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate) return _ofStore is null || _ofSpool is null ? _ofStore : $"{_ofStore}; the spool: {_ofSpool}";
        }
    }

    /// <summary>Whether readings are, or would be, kept in the spool meanwhile.</summary>
    public bool IsSpooling
    {
        get
        {
            lock (_gate) return _ofStore is not null && _ofSpool is null;
        }
    }

    /// <summary>Readings reach the store.</summary>
    /// <returns>Whether they did not until now.</returns>
    public bool Direct()
    {
        lock (_gate)
        {
            var wasSpooling = _isSpooling;
            (_ofStore, _ofSpool, _isSpooling) = (null, null, false);
            return wasSpooling;
        }
    }

    /// <summary>They go to the spool.</summary>
    public void Spooling()
    {
        lock (_gate)
        {
            _ofStore ??= Slow;
            (_ofSpool, _isSpooling) = (null, true);
        }
    }

    /// <summary>Readings can be kept nowhere.</summary>
    /// <returns>Whether that is news.</returns>
    public bool SpoolLost(string problem)
    {
        lock (_gate)
        {
            var isNews = _ofSpool != problem;
            _ofStore ??= Slow;
            _ofSpool = problem;
            return isNews;
        }
    }

    /// <summary>The store failed.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Lost(string problem)
    {
        lock (_gate)
        {
            var isNews = _ofStore != problem;
            _ofStore = problem;
            return isNews;
        }
    }
}
