using Telemetry.Api.Store;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Feeds stored drives to forecasts. Readings are read in pages, so that a drive of any length takes the same memory, on a thread of low priority. Thread-safe.</summary>
sealed class RecordedDrives(RecordingQueries queries)
{
    public async Task<RecordedSignals> InputsAsync(Vehicle vehicle, CancellationToken cancelled)
    {
        var signals = await queries.SignalsAsync(vehicle, cancelled);
        return signals.Only([.. Inputs(signals.Ids.Select(id => signals[id])).Keys]);
    }

    /// <summary>If several signals are the same input, the first by name.</summary>
    public static Dictionary<Signal, ForecastInput> Inputs(IEnumerable<Signal> signals)
    {
        var inputs = new Dictionary<Signal, ForecastInput>();
        var taken = new HashSet<ForecastInput>();
        foreach (var signal in signals.OrderBy(signal => signal.Name, StringComparer.Ordinal))
            if (ForecastInputs.Of(signal.Name) is { } input && ForecastInputs.UnitOf(input) == signal.Unit && taken.Add(input)) inputs[signal] = input;
        return inputs;
    }

    /// <summary>Feeds the readings after <paramref name="after"/> up to <paramref name="end"/> (UTC) of a drive. Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
    public Task FeedAsync(Vehicle vehicle, RecordedSignals signals, DateTime start, DateTime after, DateTime end, DriveSampler sampler, CancellationToken cancelled)
    {
        var inputs = Inputs(signals.Ids.Select(id => signals[id]));
        var messages = queries.Merged(vehicle, signals, after, end.AddMicroseconds(1), cancelled);
        return messages.ReadAllAsync(message =>
        {
            foreach (var reading in message) sampler.Add((reading.At - start).TotalSeconds, inputs[reading.Signal], reading.Value);
        });
    }
}
