namespace Telemetry.Core.Playback;

/// <summary>Where in the recording the viewer is: recorded time goes on with the viewer's, at a speed, unless it is paused.</summary>
/// <remarks>The viewer's time is any that only goes on. Who comes late by more than <see cref="MaxLag"/> has lost that time: nothing is made up for in a burst.</remarks>
/// <param name="position">Where it begins, UTC.</param>
/// <param name="speed">Recorded time in each of the viewer's.</param>
/// <param name="isPaused">True if it stands still.</param>
/// <param name="now">The viewer's time.</param>
public sealed class PlaybackPace(DateTime position, double speed, bool isPaused, TimeSpan now)
{
    static readonly TimeSpan MaxLag = TimeSpan.FromMilliseconds(100);

    DateTime _position = position;
    TimeSpan _since = now;

    /// <summary>Recorded time in each of the viewer's.</summary>
    public double Speed { get; private set; } = speed;

    /// <summary>True if it stands still.</summary>
    public bool IsPaused { get; private set; } = isPaused;

    /// <summary>Where it is.</summary>
    public DateTime At(TimeSpan now) => IsPaused ? _position : _position + (now - _since) * Speed;

    /// <summary>How long it takes until it is there; zero or less: it is past. Only while it is not paused.</summary>
    public TimeSpan Until(DateTime time, TimeSpan now) => (time - At(now)) / Speed;

    /// <summary>Goes on from here at another speed, or stands still, or goes on again.</summary>
    public void Change(double speed, bool isPaused, TimeSpan now)
    {
        (_position, _since) = (At(now), now);
        (Speed, IsPaused) = (speed, isPaused);
    }

    /// <summary>What has just happened in the recording was to happen now; if that was long ago, the viewer goes on from there.</summary>
    public void Advance(DateTime time, TimeSpan now)
    {
        if (-Until(time, now) > MaxLag) JumpTo(time, now);
    }

    /// <summary>Goes on from another place.</summary>
    public void JumpTo(DateTime time, TimeSpan now) => (_position, _since) = (time, now);
}
