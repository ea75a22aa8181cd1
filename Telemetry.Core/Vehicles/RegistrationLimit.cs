namespace Telemetry.Core.Vehicles;

/// <summary>Limit of new vehicles per minute, against made-up device names. Thread-safe.</summary>
/// <param name="perMinute">Burst size, and average rate per minute; zero: unlimited.</param>
public sealed class RegistrationLimit(int perMinute)
{
    readonly Lock _gate = new();
    double _left = perMinute;
    DateTime _at;

    /// <summary>Counts a new vehicle.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <returns>False if the limit is reached.</returns>
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
