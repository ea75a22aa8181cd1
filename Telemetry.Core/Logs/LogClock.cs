namespace Telemetry.Core.Logs;

/// <summary>Converts the times of a file to UTC: those without a zone, without a date, and seconds since a start.</summary>
sealed class LogClock(LogOptions options)
{
    // A time of day may go back a little: lines are not always in order, and summer time ends.
    const double BackOfClock = 7200;

    // Seconds since a start go back by more only when the logger was started again.
    const double BackOfElapsed = 5;

    // Smallest and largest number that is a time since 1970 in seconds: 2000-01-01 and 2199-12-31.
    const double MinEpoch = 946_684_800, MaxEpoch = 7_258_118_400;

    TimeValue? _start = options.Start ?? options.FileStart;
    DateTime? _zero;
    double _last;
    DateTime _lastUtc;
    TimeSpan? _offset;

    /// <summary>True if the date is a guess: the newest day on which the first time is not in the future.</summary>
    public bool IsDateAssumed { get; private set; }

    /// <summary>Number of restarts of the logger, after which seconds began anew without a start of their own.</summary>
    public int Restarts { get; private set; }

    /// <summary>Takes a start that the file names. The one of the options stays in force for the first recording.</summary>
    public void StartAt(in TimeValue start)
    {
        if (_zero is null && options.Start is not null) return;
        (_start, _zero) = (start, null);
    }

    /// <summary>Takes the zone of the phone from a time that has one.</summary>
    public void UseOffset(TimeSpan offset) => _offset = offset;

    /// <summary>Time of a value.</summary>
    /// <param name="value">The time as written.</param>
    /// <param name="scale">Seconds of one unit of a number.</param>
    /// <param name="isTimeOfDay">True if the seconds count from midnight.</param>
    /// <param name="utc">UTC, in whole microseconds.</param>
    /// <returns>Error text; null if the time is known.</returns>
    public string? TryUtc(in TimeValue value, double scale, bool isTimeOfDay, out DateTime utc)
    {
        utc = default;
        var problem = value.Kind switch
        {
            TimeKind.Instant => Set(value.Utc, out utc),
            TimeKind.Local or TimeKind.Date => Set(FromLocal(value.Time), out utc),
            TimeKind.Number when EpochSeconds(value.Number) is { } epoch => Set(DateTime.UnixEpoch.AddTicks((long)Math.Round(epoch * 1e6) * TimeSpan.TicksPerMicrosecond), out utc),
            TimeKind.Number => FromSeconds(value.Number * scale, isTimeOfDay, isText: false, out utc),
            _ => FromSeconds(value.Number, isTimeOfDay, isText: true, out utc),
        };
        if (problem is not null) return problem;
        utc = utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
        if (utc.Year is < 2000 or > 2199) return "takes a time from 2000-01-01 on and before 2200-01-01.";
        _lastUtc = utc;
        return null;
    }

    static string? Set(DateTime time, out DateTime utc)
    {
        utc = DateTime.SpecifyKind(time, DateTimeKind.Utc);
        return null;
    }

    DateTime FromLocal(DateTime local) => local - (_offset ?? options.Zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)));

    // Seconds, milliseconds, microseconds or nanoseconds since 1970.
    static double? EpochSeconds(double number)
    {
        for (var unit = 1.0; unit <= 1e9; unit *= 1000)
            if (number / unit is >= MinEpoch and <= MaxEpoch) return number / unit;
        return null;
    }

    string? FromSeconds(double seconds, bool isTimeOfDay, bool isText, out DateTime utc)
    {
        utc = default;
        if (Math.Abs(seconds) > MaxEpoch) return "takes a time, or seconds since the start.";
        if (_zero is null)
        {
            if (Zero(seconds, isTimeOfDay, isText) is not { } zero) return "counts seconds from a start that the file does not name. It takes the start as well, such as start=2026-11-23T10:00:00Z.";
            _zero = zero;
        }
        else if (isTimeOfDay && seconds < _last - BackOfClock)
        {
            _zero = _zero.Value.AddDays(1);
        }
        else if (!isTimeOfDay && seconds < _last - BackOfElapsed)
        {
            // The pause is unknown: the second recording follows the first.
            Restarts++;
            _zero = _lastUtc.AddSeconds(1 - seconds);
        }

        _last = seconds;
        utc = _zero.Value.AddTicks((long)Math.Round(seconds * 1e6) * TimeSpan.TicksPerMicrosecond);
        return null;
    }

    // UTC of second zero.
    DateTime? Zero(double seconds, bool isTimeOfDay, bool isText)
    {
        if (_start is not { } start || (!isTimeOfDay && IsOnlyDateOfName)) return isTimeOfDay ? AssumedMidnight(seconds) : null;
        var utc = start.Kind == TimeKind.Instant ? start.Utc : FromLocal(start.Time);
        if (start.Time.TimeOfDay == TimeSpan.Zero) return utc;
        // 00:00:00.5 in a recording that starts at ten is no time of day.
        if (isText && seconds < 60 && start.Time.TimeOfDay.TotalHours is > 1 and < 23) return utc;
        // The name of a file, and the lines above the header, are in the time of the phone, too.
        if (isTimeOfDay && (isText || options.Start is null)) return MidnightBefore(utc, start.Time.TimeOfDay, seconds);
        // Seconds of a clock that was running before: the start is that of the first line.
        return seconds >= 3600 ? utc.AddSeconds(-seconds) : utc;
    }

    // Too little for seconds since a start.
    bool IsOnlyDateOfName => options.Start is null && _start == options.FileStart && _start is { Kind: TimeKind.Date };

    DateTime AssumedMidnight(double seconds)
    {
        IsDateAssumed = true;
        var today = FromLocal((options.Now + (_offset ?? options.Zone.GetUtcOffset(options.Now))).Date);
        return today.AddSeconds(seconds) <= options.Now ? today : today.AddDays(-1);
    }

    // Of the first moment from the start on that has this time of day; the start may be rounded up.
    static DateTime MidnightBefore(DateTime start, TimeSpan timeOfDay, double seconds)
    {
        var midnight = start - timeOfDay;
        return midnight.AddSeconds(seconds) < start.AddHours(-1) ? midnight.AddDays(1) : midnight;
    }
}
