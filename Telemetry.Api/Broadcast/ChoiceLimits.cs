using System.Net;
using Telemetry.Api.Access;

namespace Telemetry.Api.Broadcast;

/// <summary>Limits on different choices (signals, lists of vehicles) and <c>max_hz</c> intervals: one choice costs the same for any number of clients. Thread-safe.</summary>
/// <remarks>Loopback addresses are limited only by <see cref="MaxPaces"/>: a reverse proxy may stand behind them.</remarks>
sealed class ChoiceLimits
{
    public const int MaxChoicesPerAddress = 64;

    public const int MaxPacesPerAddress = 16;

    /// <summary>Each interval has a timer and the newest frame of every vehicle.</summary>
    public const int MaxPaces = 64;

    readonly Lock _gate = new();
    readonly Dictionary<TimeSpan, int> _paces = [];
    readonly Dictionary<IPAddress, Chosen> _byAddress = [];

    /// <returns>False if a limit is reached. Otherwise call <see cref="Exit"/> when the client leaves.</returns>
    public bool TryEnter(IPAddress? address, Subscription subscription)
    {
        var key = RateLimitKey.Of(address);
        var (choice, interval) = (subscription.Choice, subscription.Interval);
        lock (_gate)
        {
            var own = key is null ? null : _byAddress.GetValueOrDefault(key) ?? new Chosen();
            if (!Fits(_paces, interval, TimeSpan.Zero, MaxPaces)) return false;
            if (own is not null && !(Fits(own.Paces, interval, TimeSpan.Zero, MaxPacesPerAddress) && Fits(own.Choices, choice, Subscription.ToAll, MaxChoicesPerAddress))) return false;
            Count(_paces, interval, 1);
            if (own is null) return true;
            Count(own.Paces, interval, 1);
            Count(own.Choices, choice, 1);
            own.Clients++;
            _byAddress[key!] = own;
            return true;
        }
    }

    public void Exit(IPAddress? address, Subscription subscription)
    {
        lock (_gate)
        {
            Count(_paces, subscription.Interval, -1);
            if (RateLimitKey.Of(address) is not { } key || !_byAddress.TryGetValue(key, out var own)) return;
            Count(own.Paces, subscription.Interval, -1);
            Count(own.Choices, subscription.Choice, -1);
            if (--own.Clients == 0) _byAddress.Remove(key);
        }
    }

    // The default choice is shared by all and never counts.
    static bool Fits<T>(Dictionary<T, int> chosen, T choice, T usual, int max) where T : notnull => choice.Equals(usual) || chosen.ContainsKey(choice) || chosen.Count - (chosen.ContainsKey(usual) ? 1 : 0) < max;

    static void Count<T>(Dictionary<T, int> chosen, T choice, int change) where T : notnull
    {
        var count = chosen.GetValueOrDefault(choice) + change;
        if (count > 0) chosen[choice] = count;
        else chosen.Remove(choice);
    }

    sealed class Chosen
    {
        public Dictionary<Subscription, int> Choices { get; } = [];

        public Dictionary<TimeSpan, int> Paces { get; } = [];

        public int Clients { get; set; }
    }
}
