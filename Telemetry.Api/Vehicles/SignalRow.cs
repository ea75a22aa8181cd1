using System.ComponentModel.DataAnnotations;
using Telemetry.Api.Http;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>A signal of a vehicle in <c>GET /signals</c>.</summary>
/// <param name="Name">Name in messages, queries and the store.</param>
/// <param name="Unit">Unit of its values; null if unknown.</param>
/// <param name="Value">Last value; null before any.</param>
/// <param name="RecordedAt">UTC arrival of that value; null if unknown, for example for a value retained by a broker.</param>
/// <param name="AgeSeconds">Age of that value; null if unknown.</param>
sealed record SignalRow(string Name, string? Unit, double? Value, [property: DataType(DataType.DateTime)] string? RecordedAt, double? AgeSeconds)
{
    public static SignalRow Of(Signal signal, Reading reading, TimeSpan? sinceArrival, DateTime now) => new(
        signal.Name,
        signal.Unit,
        reading.IsKnown ? reading.Value : null,
        reading.At != default ? Timestamps.Text(reading.At) : null,
        Timestamps.Age(reading.At, sinceArrival, now));
}
