namespace Telemetry.Core.Logs;

/// <summary>Columns of times of a file, and the time of each line.</summary>
/// <remarks>
/// Torque's Device Time has fractions but no zone, its GPS Time the zone of the phone: together they are exact. A date and a time of day may
/// stand in two columns.
/// </remarks>
sealed class LogTimes
{
    static readonly TimeSpan MaxClockError = TimeSpan.FromMinutes(1);

    readonly LogHeader _header;
    readonly LogClock _clock;
    readonly bool? _isMonthFirst;
    readonly int _first;
    readonly int _second = -1;
    readonly bool _isDateAndTime;
    readonly (bool IsElapsed, bool IsTimeOfDay, double Scale) _numbers;
    bool _hasOffset;
    TimeSpan _stated;

    /// <param name="header">The header.</param>
    /// <param name="clock">The clock of the file.</param>
    /// <param name="sample">The first lines below the header.</param>
    public LogTimes(LogHeader header, LogClock clock, IReadOnlyList<string> sample)
    {
        (_header, _clock) = (header, clock);
        var row = new CsvRow();
        var rows = sample.Where(line => row.TrySplit(line, header.Separator)).Select(_ => header.Times.Select(column => row[column].ToString()).ToArray()).ToList();
        _isMonthFirst = rows.SelectMany(texts => texts).Select(text => TimeText.IsMonthFirst(text)).FirstOrDefault(order => order is not null)
            ?? (rows.Any(texts => texts.Any(text => TimeText.IsTwelveHour(text))) ? true : null);
        var kinds = Enumerable.Range(0, header.Times.Count).Select(i => rows.Select(texts => KindOf(texts[i])).FirstOrDefault(kind => kind is not null)).ToArray();
        (_first, _second, _isDateAndTime) = Choose(kinds);
        _numbers = NumbersOf(header, _first);
        if (header.Zone(_first) is { } zone) clock.UseOffset(zone);
        // The zone is that of the phone for all lines, also for those before the first GPS Time.
        for (var i = 0; i < sample.Count && !_hasOffset && IsPair; i++)
            if (row.TrySplit(sample[i], header.Separator)) LearnOffset(row);
    }

    /// <param name="header">Another header in the same file.</param>
    /// <param name="before">The times until there: the columns of these names are used again.</param>
    public LogTimes(LogHeader header, LogTimes before)
    {
        (_header, _clock, _isMonthFirst, _hasOffset, _stated) = (header, before._clock, before._isMonthFirst, before._hasOffset, before._stated);
        _first = Named(before._header.Name(before._first)) is >= 0 and var first ? first : header.Times[0];
        _second = before._second < 0 ? -1 : Named(before._header.Name(before._second));
        _isDateAndTime = before._isDateAndTime && _second >= 0;
        _numbers = NumbersOf(header, _first);
    }

    /// <summary>The column that gives the time, from 0.</summary>
    public int Column => _first;

    /// <summary>True if a column is part of the time.</summary>
    public bool Uses(int column) => column == _first || column == _second;

    bool IsPair => _second >= 0 && !_isDateAndTime;

    /// <summary>Time of a line.</summary>
    /// <param name="row">Its fields.</param>
    /// <param name="utc">UTC.</param>
    /// <param name="isMissing">True if the line has no time.</param>
    /// <returns>Error text; null if the time is known or missing.</returns>
    public string? TryRead(CsvRow row, out DateTime utc, out bool isMissing)
    {
        utc = default;
        isMissing = false;
        var text = row[_first];
        if (IsPair) LearnOffset(row);
        if (ValueText.IsMissing(text) && IsPair) text = row[_second];
        if (ValueText.IsMissing(text))
        {
            isMissing = true;
            return null;
        }

        if (!TimeText.TryParse(text, _isMonthFirst, out var value)) return Wrong(text);
        if (_isDateAndTime)
        {
            if (ValueText.IsMissing(row[_second]))
            {
                isMissing = true;
                return null;
            }

            if (value.Kind != TimeKind.Date || !TimeText.TryParse(row[_second], null, out var clock) || clock.Kind != TimeKind.Clock) return Wrong($"{text} {row[_second]}");
            value = new TimeValue(TimeKind.Local, value.Time.AddTicks((long)Math.Round(clock.Number * TimeSpan.TicksPerSecond)), default, 0);
        }

        return _clock.TryUtc(value, value.Kind == TimeKind.Number ? _numbers.Scale : 1, !_numbers.IsElapsed && (_numbers.IsTimeOfDay || value.Kind == TimeKind.Clock), out utc);
    }

    static (bool IsElapsed, bool IsTimeOfDay, double Scale) NumbersOf(LogHeader header, int column) => (header.IsElapsed(column), header.IsTimeOfDay, header.Scale(column));

    TimeKind? KindOf(string text) => !ValueText.IsMissing(text) && TimeText.TryParse(text, _isMonthFirst, out var value) ? value.Kind : null;

    static string Wrong(ReadOnlySpan<char> text) => $"'{(text.Length > 40 ? $"{text[..40]}…" : text)}' is no time; it takes one such as 2026-11-23T10:00:00Z.";

    (int First, int Second, bool IsDateAndTime) Choose(TimeKind?[] kinds)
    {
        int Of(params TimeKind[] wanted) => Array.FindIndex(kinds, kind => kind is { } known && wanted.Contains(known)) is >= 0 and var found ? _header.Times[found] : -1;
        var device = Named("Device Time");
        var gps = Named("GPS Time");
        if (device >= 0 && gps >= 0) return (device, gps, false);
        var absolute = Of(TimeKind.Instant, TimeKind.Local);
        if (absolute >= 0) return (absolute, -1, false);
        var date = Of(TimeKind.Date);
        var clock = Of(TimeKind.Clock);
        if (date >= 0 && clock >= 0) return (date, clock, true);
        return (clock >= 0 ? clock : Of(TimeKind.Number, TimeKind.Date) is >= 0 and var other ? other : _header.Times[0], -1, false);
    }

    int Named(string name)
    {
        foreach (var column in _header.Times)
            if (KnownHeaders.Compared(_header.Name(column)) == KnownHeaders.Compared(name)) return column;
        return -1;
    }

    void LearnOffset(CsvRow row)
    {
        if (!TimeText.TryParse(row[_second], _isMonthFirst, out var gps) || gps.Kind != TimeKind.Instant) return;
        if (!TimeText.TryParse(row[_first], _isMonthFirst, out var device) || device.Kind != TimeKind.Local) return;
        var offset = gps.Offset;
        if (!_hasOffset)
        {
            // GPS Time in UTC, as some versions write it: the difference of the clocks is the zone, in half hours.
            var difference = device.Time - gps.Utc;
            var rounded = TimeSpan.FromMinutes(Math.Round(difference.TotalMinutes / 30) * 30);
            if ((difference - rounded).Duration() <= MaxClockError && rounded.Duration() <= TimeSpan.FromHours(14)) offset = rounded;
            _stated = gps.Offset;
        }
        else if (gps.Offset == _stated)
        {
            return;
        }

        (_hasOffset, _stated) = (true, gps.Offset);
        _clock.UseOffset(offset);
    }
}
