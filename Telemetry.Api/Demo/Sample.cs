namespace Telemetry.Api.Demo;

/// <summary>One value that a car publishes.</summary>
/// <param name="At">When, counted from the start of the drive.</param>
/// <param name="Signal">The last level of its topic.</param>
/// <param name="Value">The number.</param>
readonly record struct Sample(TimeSpan At, string Signal, double Value);
