namespace Telemetry.Bench.Rig;

/// <summary>A benchmark cannot go on, or its outcome is no success: the message says why.</summary>
sealed class BenchmarkException(string message) : Exception(message);
