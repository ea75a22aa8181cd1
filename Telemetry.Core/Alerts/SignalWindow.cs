namespace Telemetry.Core.Alerts;

/// <summary>The lowest and the highest value of a signal within a time, in 60 slots aligned to 1970.</summary>
sealed class SignalWindow(TimeSpan within)
{
    const int Slots = 60;

    readonly long _width = within.Ticks / TimeSpan.TicksPerMicrosecond / Slots;
    readonly (long Number, double Low, double High)[] _slots = new (long, double, double)[Slots];

    /// <summary>The lowest value.</summary>
    public double Lowest { get; private set; }

    /// <summary>The highest value.</summary>
    public double Highest { get; private set; }

    /// <summary>Adds a reading.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="at">Its time, UTC.</param>
    /// <param name="replacesFrom">Readings since this time are forgotten: what a broker had kept comes all at once. Null: none.</param>
    public void Add(double value, DateTime at, DateTime? replacesFrom)
    {
        var number = NumberOf(at);
        if (replacesFrom is { } from)
        {
            var first = NumberOf(from);
            for (var i = 0; i < Slots; i++)
                if (_slots[i].Number >= first) _slots[i] = default;
        }

        ref var slot = ref _slots[number % Slots];
        slot = slot.Number == number ? (number, Math.Min(slot.Low, value), Math.Max(slot.High, value)) : (number, value, value);
        (Lowest, Highest) = (value, value);
        foreach (var (other, low, high) in _slots)
        {
            if (other == 0 || other <= number - Slots || other > number) continue;
            (Lowest, Highest) = (Math.Min(Lowest, low), Math.Max(Highest, high));
        }
    }

    long NumberOf(DateTime at) => (at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond / _width;
}
