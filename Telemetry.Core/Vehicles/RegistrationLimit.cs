namespace Telemetry.Core.Vehicles;

/// <summary>How many vehicles may be new in a minute, so that whoever may publish cannot fill the table. Thread-safe.</summary>
/// <param name="perMinute">As many at once, and on the average; zero: any number.</param>
public sealed class RegistrationLimit(int perMinute)
{
    readonly Lock _gate = new();
    double _left = perMinute;
    DateTime _at;

    /// <summary>Takes one of what is left.</summary>
    /// <param name="now">A time by a clock that is never set.</param>
    /// <returns>False where nothing is.</returns>
    public bool TryTake(DateTime now)
    {
        if (perMinute == 0) return true;
        lock (_gate)
        {
            if (now > _at) _left = Math.Min(perMinute, _left + (now - _at).TotalMinutes * perMinute);
            _at = now;
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }
}
