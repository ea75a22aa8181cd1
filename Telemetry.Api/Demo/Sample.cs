namespace Telemetry.Api.Demo;

/// <summary>One value that a car publishes. The signal is the last level of the topic.</summary>
readonly record struct Sample(TimeSpan At, string Signal, double Value);
