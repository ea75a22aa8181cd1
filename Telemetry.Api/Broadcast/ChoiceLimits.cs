using System.Net;
using Telemetry.Api.Access;

namespace Telemetry.Api.Broadcast;

/// <summary>Different choices (signals, lists of vehicles) and paces that clients may make at once. Each costs as much as any number of clients with the same. Thread-safe.</summary>
/// <remarks>As with the number of clients, this machine's own are not limited but in their paces: there a proxy may stand for everybody.</remarks>
sealed class ChoiceLimits
{
    /// <summary>Choices of signals and lists of vehicles from one address.</summary>
    public const int MaxChoicesPerAddress = 64;

    /// <summary>Paces from one address.</summary>
    public const int MaxPacesPerAddress = 16;

    /// <summary>Paces from all addresses: each has a timer and the last frame of every vehicle.</summary>
    public const int MaxPaces = 64;

    readonly Lock _gate = new();
    readonly Dictionary<TimeSpan, int> _paces = [];
    readonly Dictionary<IPAddress, Chosen> _byAddress = [];

    /// <summary>Takes a place for a client's choice.</summary>
    /// <returns>False where there is none left for it. Otherwise <see cref="Exit"/> gives it back.</returns>
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

    /// <summary>Gives a place back.</summary>
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

    // What a client gets that says nothing is shared by all, and always fits.
    static bool Fits<T>(Dictionary<T, int> chosen, T choice, T usual, int max) where T : notnull => choice.Equals(usual) || chosen.ContainsKey(choice) || chosen.Count - (chosen.ContainsKey(usual) ? 1 : 0) < max;

    static void Count<T>(Dictionary<T, int> chosen, T choice, int change) where T : notnull
    {
        var count = chosen.GetValueOrDefault(choice) + change;
        if (count > 0) chosen[choice] = count;
        else chosen.Remove(choice);
    }

    /// <summary>Choices of one address, each with the number of its clients.</summary>
    sealed class Chosen
    {
        public Dictionary<Subscription, int> Choices { get; } = [];

        public Dictionary<TimeSpan, int> Paces { get; } = [];

        public int Clients { get; set; }
    }
}
