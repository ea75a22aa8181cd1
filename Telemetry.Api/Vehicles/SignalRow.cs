using System.ComponentModel.DataAnnotations;
using Telemetry.Api.Http;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Vehicles;

/// <summary>A signal of a vehicle as <c>GET /signals</c> tells it.</summary>
/// <param name="Name">Its name in messages, queries and the store.</param>
/// <param name="Unit">The unit of its values; null where it is not known.</param>
/// <param name="Value">The last value; null before any.</param>
/// <param name="RecordedAt">UTC arrival of that value; null where that is not known, as of one that a broker had retained.</param>
/// <param name="AgeSeconds">Age of that value; null where that is not known.</param>
sealed record SignalRow(string Name, string? Unit, double? Value, [property: DataType(DataType.DateTime)] string? RecordedAt, double? AgeSeconds)
{
    public static SignalRow Of(Signal signal, Reading reading, TimeSpan? sinceArrival, DateTime now) => new(
        signal.Name,
        signal.Unit,
        reading.IsKnown ? reading.Value : null,
        reading.At != default ? Timestamps.Text(reading.At) : null,
        Timestamps.Age(reading.At, sinceArrival, now));
}
