namespace Telemetry.Api.Demo;

/// <summary>One value that a car publishes.</summary>
/// <param name="At">Time since the start of the drive.</param>
/// <param name="Signal">Last level of the topic.</param>
readonly record struct Sample(TimeSpan At, string Signal, double Value);
