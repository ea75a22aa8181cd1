using System.Globalization;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Logs;

/// <summary>A column of values in a file, or one of the names in the name column of a long file.</summary>
public sealed class LogColumn
{
    internal LogColumn(int index, string name, Signal? signal, Unit? unit)
    {
        (Index, Name, Signal, Unit) = (index, name, signal, unit);
    }

    /// <summary>A name in an export, whose values are in the signal's unit.</summary>
    public static LogColumn OfExport(string name, Signal? signal) => new(3, name, signal, null);

    /// <summary>Number of the column, from 1.</summary>
    public int Index { get; }

    /// <summary>Name in the file, with its unit.</summary>
    public string Name { get; }

    /// <summary>Its signal; null if the column is left out.</summary>
    public Signal? Signal { get; internal set; }

    /// <summary>Unit of its values; null if the file gives none.</summary>
    public Unit? Unit { get; }

    /// <summary>Readings taken.</summary>
    public long Readings { get; private set; }

    /// <summary>Reason for leaving the whole column out; null if it is taken.</summary>
    public string? LeftOut { get; internal set; }

    /// <summary>Columns of the same signal before this one: its values count only where they have none.</summary>
    internal bool IsSecond { get; set; }

    /// <summary>Unit of the readings; null if unknown.</summary>
    public string? SignalUnit => Signal?.Unit ?? Unit?.Into;

    /// <summary>Calculation from the file's values to readings; null if they are taken as they are.</summary>
    public string? Conversion
    {
        get
        {
            if (Unit is null || Signal is null || Unit.Name == SignalUnit || Unit.Into is null) return null;
            if (Unit.IsReciprocal) return string.Create(CultureInfo.InvariantCulture, $"{Convert(1):G10} ÷ value");
            var offset = Convert(0);
            var factor = Convert(1) - offset;
            var sum = Math.Abs(offset) < 1e-12 ? "" : string.Create(CultureInfo.InvariantCulture, $" {(offset < 0 ? '−' : '+')} {Math.Abs(offset):G10}");
            return Math.Abs(factor - 1) < 1e-12 && sum == "" ? null : string.Create(CultureInfo.InvariantCulture, $"value × {factor:G10}{sum}");
        }
    }

    /// <summary>Counts a reading of the column.</summary>
    /// <param name="signal">The catalog's instance of the signal.</param>
    /// <param name="isStored">True if its unit becomes that of the readings.</param>
    public void Count(Signal signal, bool isStored)
    {
        if (isStored) signal.Unit ??= Unit?.Into;
        Signal = signal;
        Readings++;
    }

    /// <summary>A value of the file in the unit of the signal.</summary>
    internal double Convert(double value) => Unit is null ? value : Unit.Convert(value, Signal!.Unit);
}
