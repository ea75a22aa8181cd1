using Telemetry.Api.Store;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Feeds stored drives to forecasts. Thread-safe.</summary>
/// <remarks>Readings come in pages, so that a drive of any length takes the same memory, on a thread of low priority.</remarks>
sealed class RecordedDrives(RecordingQueries queries)
{
    /// <summary>Signals of a vehicle that are inputs, by their ids in the store.</summary>
    public async Task<RecordedSignals> InputsAsync(Vehicle vehicle, CancellationToken cancelled)
    {
        var signals = await queries.SignalsAsync(vehicle, cancelled);
        return signals.Only([.. Inputs(signals.Ids.Select(id => signals[id])).Keys]);
    }

    /// <summary>The signal of each input. Of several for the same input, the first by name.</summary>
    public static Dictionary<Signal, ForecastInput> Inputs(IEnumerable<Signal> signals)
    {
        var inputs = new Dictionary<Signal, ForecastInput>();
        var taken = new HashSet<ForecastInput>();
        foreach (var signal in signals.OrderBy(signal => signal.Name, StringComparer.Ordinal))
            if (ForecastInputs.Of(signal.Name) is { } input && ForecastInputs.UnitOf(input) == signal.Unit && taken.Add(input)) inputs[signal] = input;
        return inputs;
    }

    /// <summary>Feeds a range of a drive.</summary>
    /// <param name="start">Timestamp of the drive's first reading, UTC.</param>
    /// <param name="after">Time before the first reading to be fed, UTC.</param>
    /// <param name="end">Timestamp of the last reading to be fed, UTC.</param>
    /// <exception cref="System.Data.Common.DbException">The database is not to be used.</exception>
    /// <exception cref="TimeoutException">Too many use it.</exception>
    public Task FeedAsync(Vehicle vehicle, RecordedSignals signals, DateTime start, DateTime after, DateTime end, DriveSampler sampler, CancellationToken cancelled)
    {
        var inputs = Inputs(signals.Ids.Select(id => signals[id]));
        var messages = queries.Merged(vehicle, signals, after, end.AddMicroseconds(1), cancelled);
        return Task.Factory.StartNew(() =>
        {
            ReadPriority.Lower();
            while (true)
            {
                while (messages.TryTake(out var message))
                    foreach (var reading in message) sampler.Add((reading.At - start).TotalSeconds, inputs[reading.Signal], reading.Value);
                if (messages.IsAtEnd) break;
                messages.FillAsync().GetAwaiter().GetResult(); // The thread is this one's own.
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
