using System.Diagnostics;

namespace Telemetry.Api.History;

/// <summary>How the store stands, for <c>/health/ready</c>. Thread-safe.</summary>
sealed class HistoryStatus
{
    const string Slow = "the store is slow";

    static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    string? _ofStore = "not opened yet";
    string? _ofSpool;
    long _loggedAt; // When the last line was worth it, and when readings could last be kept nowhere.
    long _waitedAt;
    bool _isSpooling;

    /// <summary>Problem of the store, and of the spool if it cannot be written either; null while both can be written.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate) return _ofSpool is null ? _ofStore : _ofStore is null ? $"the spool: {_ofSpool}" : $"{_ofStore}; the spool: {_ofSpool}";
        }
    }

    /// <summary>True if readings reach the store.</summary>
    public bool IsDirect
    {
        get
        {
            lock (_gate) return _ofStore is null;
        }
    }

    /// <summary>True if readings can be kept neither in the store nor in the spool.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate) return _ofStore is not null && _ofSpool is not null;
        }
    }

    /// <summary>Readings reach the store.</summary>
    /// <returns>True if they did not until now.</returns>
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
    /// <returns>True if that is worth a line in the log.</returns>
    public bool SpoolLost(string problem)
    {
        lock (_gate)
        {
            _ofStore ??= Slow;
            return SpoolFails(problem);
        }
    }

    /// <summary>The spool cannot be written.</summary>
    /// <returns>True if that is worth a line in the log.</returns>
    public bool SpoolFails(string problem)
    {
        lock (_gate)
        {
            var isWorthALine = _ofSpool != problem && IsWorthALine();
            (_ofSpool, _waitedAt) = (problem, Stopwatch.GetTimestamp());
            return isWorthALine;
        }
    }

    /// <summary>The spool can be written.</summary>
    public void SpoolWorks()
    {
        lock (_gate) _ofSpool = null;
    }

    /// <summary>The store failed.</summary>
    /// <returns>True if that is worth a line in the log.</returns>
    public bool Lost(string problem)
    {
        lock (_gate)
        {
            var isNews = _ofStore != problem;
            _ofStore = problem;
            return isNews && IsWorthALine();
        }
    }

    // A full disk takes a little now and then: its lines must not fill what others have room for.
    bool IsWorthALine()
    {
        if (IsRecent(_waitedAt) && IsRecent(_loggedAt)) return false;
        _loggedAt = Stopwatch.GetTimestamp();
        return true;
    }

    static bool IsRecent(long timestamp) => timestamp != 0 && Stopwatch.GetElapsedTime(timestamp) < LogInterval;
}
