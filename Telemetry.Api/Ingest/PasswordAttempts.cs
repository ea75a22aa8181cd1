using System.Net;
using Telemetry.Api.Access;

namespace Telemetry.Api.Ingest;

/// <summary>Wrong passwords at the embedded broker by address: after too many, connections from it are refused for the rest of the minute. Thread-safe.</summary>
sealed class PasswordAttempts(TimeProvider time)
{
    public const int MaxWrong = 10;

    /// <summary>Connections per address that get a delayed answer; others are closed without one.</summary>
    const int MaxDelayed = 10;

    const int MaxAddresses = 10_000;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly Dictionary<IPAddress, Entry> _addresses = [];
    long _windowStart = time.GetTimestamp();

    public int CountWrong(IPAddress? address)
    {
        lock (_gate) return ++EntryOf(address).Wrong;
    }

    public bool IsThrottled(IPAddress? address)
    {
        lock (_gate) return EntryOf(address).Wrong >= MaxWrong;
    }

    /// <summary>Reserves a delayed answer; <see cref="EndDelay"/> releases it.</summary>
    public bool TryDelay(IPAddress? address)
    {
        lock (_gate)
        {
            var entry = EntryOf(address);
            if (entry.Delayed >= MaxDelayed) return false;
            entry.Delayed++;
            return true;
        }
    }

    public void EndDelay(IPAddress? address)
    {
        lock (_gate)
        {
            var entry = EntryOf(address);
            if (entry.Delayed > 0) entry.Delayed--;
        }
    }

    Entry EntryOf(IPAddress? address)
    {
        if (time.GetElapsedTime(_windowStart) >= Window)
        {
            _windowStart = time.GetTimestamp();
            _addresses.Clear();
        }

        var key = RateLimitKey.Of(address) ?? IPAddress.Loopback;
        if (_addresses.TryGetValue(key, out var entry)) return entry;
        if (_addresses.Count >= MaxAddresses && _addresses.TryGetValue(IPAddress.None, out entry)) return entry;
        return _addresses[_addresses.Count < MaxAddresses ? key : IPAddress.None] = new Entry();
    }

    sealed class Entry
    {
        public int Wrong { get; set; }

        public int Delayed { get; set; }
    }
}
