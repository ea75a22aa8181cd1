using System.Diagnostics;

namespace Telemetry.Api.History;

/// <summary>State of the store and the spool, for <c>/health/ready</c>. Thread-safe.</summary>
sealed class HistoryStatus
{
    const string Slow = "the store is slow";

    static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    string? _ofStore = "not opened yet";
    string? _ofSpool;
    long _loggedAt; // Last log line of IsWorthALine; _waitedAt: last time that readings could be kept nowhere.
    long _waitedAt;
    bool _isSpooling;

    public string? Problem
    {
        get
        {
            lock (_gate) return _ofSpool is null ? _ofStore : _ofStore is null ? $"the spool: {_ofSpool}" : $"{_ofStore}; the spool: {_ofSpool}";
        }
    }

    public bool IsDirect
    {
        get
        {
            lock (_gate) return _ofStore is null;
        }
    }

    /// <summary>True if the store fails. One that is only slow catches up from the spool.</summary>
    public bool IsAway
    {
        get
        {
            lock (_gate) return _ofStore is not null && (_ofStore != Slow || _ofSpool is not null);
        }
    }

    public bool IsWaiting
    {
        get
        {
            lock (_gate) return _ofStore is not null && _ofSpool is not null;
        }
    }

    public bool Direct()
    {
        lock (_gate)
        {
            var wasSpooling = _isSpooling;
            (_ofStore, _ofSpool, _isSpooling) = (null, null, false);
            return wasSpooling;
        }
    }

    public void Spooling()
    {
        lock (_gate)
        {
            _ofStore ??= Slow;
            (_ofSpool, _isSpooling) = (null, true);
        }
    }

    /// <summary>Neither the store nor the spool accepts readings. Returns true if that should be logged.</summary>
    public bool SpoolLost(string problem)
    {
        lock (_gate)
        {
            _ofStore ??= Slow;
            return SpoolFails(problem);
        }
    }

    /// <returns>True if it should be logged.</returns>
    public bool SpoolFails(string problem)
    {
        lock (_gate)
        {
            var isWorthALine = _ofSpool != problem && IsWorthALine();
            (_ofSpool, _waitedAt) = (problem, Stopwatch.GetTimestamp());
            return isWorthALine;
        }
    }

    public void SpoolWorks()
    {
        lock (_gate) _ofSpool = null;
    }

    public bool Lost(string problem)
    {
        lock (_gate)
        {
            var isNews = _ofStore != problem;
            _ofStore = problem;
            return isNews && IsWorthALine();
        }
    }

    // On a full disk that accepts a few bytes now and then, log lines must not use up that room.
    bool IsWorthALine()
    {
        if (IsRecent(_waitedAt) && IsRecent(_loggedAt)) return false;
        _loggedAt = Stopwatch.GetTimestamp();
        return true;
    }

    static bool IsRecent(long timestamp) => timestamp != 0 && Stopwatch.GetElapsedTime(timestamp) < LogInterval;
}
