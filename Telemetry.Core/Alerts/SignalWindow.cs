using Telemetry.Core.Signals;

namespace Telemetry.Core.Alerts;

/// <summary>The lowest and the highest value of a signal within a time, in 60 slots aligned to 1970.</summary>
/// <param name="signal">The signal.</param>
/// <param name="within">The time.</param>
sealed class SignalWindow(Signal signal, TimeSpan within)
{
    const int Slots = 60;

    readonly long _width = within.Ticks / TimeSpan.TicksPerMicrosecond / Slots;

    // Those with a reading, as many as have been needed: a parked car needs one.
    Slot[] _slots = new Slot[1];
    int _count;

    public Signal Signal => signal;

    public TimeSpan Within => within;

    /// <summary>The lowest value.</summary>
    public double Lowest { get; private set; }

    /// <summary>The highest value.</summary>
    public double Highest { get; private set; }

    /// <summary>Adds a reading.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="at">Its time, UTC.</param>
    /// <param name="replacesFrom">Readings since this time are dropped: what a broker had kept comes all at once. Null: none.</param>
    public void Add(double value, DateTime at, DateTime? replacesFrom)
    {
        var number = NumberOf(at);
        var replaced = replacesFrom is { } from ? NumberOf(from) : long.MaxValue;
        (Lowest, Highest) = (value, value);
        var (kept, isNew) = (0, true);
        for (var i = 0; i < _count; i++)
        {
            var slot = _slots[i];
            if (slot.Number >= replaced || slot.Number <= number - Slots) continue;
            if (slot.Number == number) (isNew, slot) = (false, new Slot(number, Math.Min(slot.Low, value), Math.Max(slot.High, value)));
            if (slot.Number <= number) (Lowest, Highest) = (Math.Min(Lowest, slot.Low), Math.Max(Highest, slot.High));
            _slots[kept++] = slot;
        }

        _count = kept;
        if (!isNew) return;
        if (_count == _slots.Length) Array.Resize(ref _slots, Math.Min(2 * _count, Slots + 1));
        _slots[_count++] = new Slot(number, value, value);
    }

    long NumberOf(DateTime at) => (at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond / _width;

    readonly record struct Slot(long Number, double Low, double High);
}
