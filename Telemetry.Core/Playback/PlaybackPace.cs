namespace Telemetry.Core.Playback;

/// <summary>Position of the viewer in the recording: recorded time advances with the viewer's, at a speed, unless paused.</summary>
/// <remarks>The viewer's time is any monotonic time. If playback lags by more than <see cref="MaxLag"/> it skips ahead instead of catching up.</remarks>
/// <param name="position">First position, UTC.</param>
/// <param name="speed">Recorded time per viewer's time.</param>
/// <param name="isPaused">True if paused.</param>
/// <param name="now">The viewer's time.</param>
public sealed class PlaybackPace(DateTime position, double speed, bool isPaused, TimeSpan now)
{
    static readonly TimeSpan MaxLag = TimeSpan.FromMilliseconds(100);

    DateTime _position = position;
    TimeSpan _since = now;

    /// <summary>Recorded time per viewer's time.</summary>
    public double Speed { get; private set; } = speed;

    /// <summary>True while paused.</summary>
    public bool IsPaused { get; private set; } = isPaused;

    /// <summary>Position at a time of the viewer, UTC.</summary>
    public DateTime At(TimeSpan now) => IsPaused ? _position : _position + (now - _since) * Speed;

    /// <summary>Viewer's time until a position is reached; zero or negative if it has passed. Only while not paused.</summary>
    public TimeSpan Until(DateTime time, TimeSpan now) => (time - At(now)) / Speed;

    /// <summary>Changes speed or pause at the present position.</summary>
    public void Change(double speed, bool isPaused, TimeSpan now)
    {
        (_position, _since) = (At(now), now);
        (Speed, IsPaused) = (speed, isPaused);
    }

    /// <summary>Reports an event of the recording that was due now. After too long a lag the position moves to it.</summary>
    public void Advance(DateTime time, TimeSpan now)
    {
        if (-Until(time, now) > MaxLag) JumpTo(time, now);
    }

    /// <summary>Moves to another position.</summary>
    public void JumpTo(DateTime time, TimeSpan now) => (_position, _since) = (time, now);
}
