namespace Telemetry.Core.Forecasts;

/// <summary>Turns the readings of a drive, in order of time, into one row a second.</summary>
/// <remarks>A row has what was read up to its second: the order of readings of the same instant does not matter.</remarks>
/// <param name="onRow">Called with each row.</param>
public sealed class DriveSampler(Action<DriveRow> onRow)
{
    /// <summary>Seconds of silence after which rows end.</summary>
    public const double MaxSilence = 10;

    readonly DriveRow _row = new();
    double _next;
    double _lastRow;
    double _lastReading = double.NaN;

    /// <summary>Takes a reading.</summary>
    /// <param name="seconds">Since the drive's first reading.</param>
    /// <param name="input">Input.</param>
    /// <param name="value">Value; ignored if the input cannot have it.</param>
    public void Add(double seconds, ForecastInput input, double value)
    {
        if (!ForecastInputs.Accepts(input, value)) return;
        EmitUntil(seconds);
        _row.Set(input, value, seconds);
        _lastReading = seconds;
    }

    // Rows before this time: after a silence they begin again with its second.
    void EmitUntil(double seconds)
    {
        if (double.IsNaN(_lastReading))
        {
            (_next, _lastRow) = (Math.Ceiling(seconds), Math.Ceiling(seconds) - 1);
            return;
        }

        for (; _next < seconds && _next - _lastReading <= MaxSilence; _next++)
        {
            (_row.Seconds, _row.Step) = (_next, _next - _lastRow);
            _lastRow = _next;
            onRow(_row);
        }

        _next = Math.Max(_next, Math.Ceiling(seconds));
    }
}
