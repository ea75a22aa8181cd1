namespace Telemetry.Tests.Support;

/// <summary>A wall clock that a test sets ahead, while time goes on.</summary>
sealed class TimeAhead : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
