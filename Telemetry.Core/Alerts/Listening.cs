namespace Telemetry.Core.Alerts;

/// <summary>State of the broker link, and its last change. Times are those of the operator's stopwatch.</summary>
/// <param name="settle">Time after the link came up in which nothing is judged.</param>
/// <param name="isOn">True where it always listens, as in a recording.</param>
sealed class Listening(TimeSpan settle, bool isOn)
{
    TimeSpan? _since; // Null: always did, or never yet.

    /// <summary>True while the link to the broker is up.</summary>
    public bool IsOn { get; private set; } = isOn;

    /// <summary>The link is up, or down, from now on.</summary>
    public void Set(bool isUp, TimeSpan now)
    {
        IsOn = isUp;
        if (isUp) _since = now;
    }

    /// <summary>True where rules are judged.</summary>
    /// <param name="now">Now.</param>
    /// <param name="stateOf">The vehicle whose state is asked for; null: it is not.</param>
    public bool Judges(TimeSpan now, AlertedVehicle? stateOf) => IsOn && !(_since is { } since && now < Opens(since, stateOf));

    /// <summary>Next time after an instant at which rules are judged again; null: they are judged, or it is unknown.</summary>
    public TimeSpan? NextOpening(TimeSpan after, AlertedVehicle? stateOf) => IsOn && _since is { } since && Opens(since, stateOf) is var opens && opens > after ? opens : null;

    /// <summary>While nothing is judged: when the link came up last. What a broker had kept comes all at once then.</summary>
    public TimeSpan? BurstSince(TimeSpan now) => Judges(now, null) ? null : _since ?? TimeSpan.Zero;

    // A vehicle has its own time to be heard before it is called offline.
    TimeSpan Opens(TimeSpan since, AlertedVehicle? vehicle) => since + (vehicle?.OfflineAfter > settle ? vehicle.OfflineAfter : settle);
}
