using System.Buffers;
using System.Reactive.Concurrency;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>The one door into the live path: whoever brings messages or last values comes through here. Thread-safe.</summary>
public sealed class Intake(MessageReader reader, LiveGraph graph, IScheduler scheduler)
{
    readonly Lock _gate = new();
    readonly ReplayDetector _replays = new(graph);

    /// <summary>Takes in an MQTT message that has just arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="retained">Whether the broker had kept it from before.</param>
    /// <param name="mayBeReplay">Whether its publisher asks the broker to keep it: a bridge sends such a message once more when it connects again.</param>
    /// <returns>What came of it, for the history; null where nothing in it is a reading.</returns>
    public VehicleEvent? Take(string topic, ReadOnlySequence<byte> payload, bool retained, bool mayBeReplay = false)
    {
        lock (_gate)
        {
            var happening = reader.Read(topic, payload, retained, scheduler.Now.UtcDateTime, graph.Elapsed, mayBeReplay ? _replays : null);
            if (happening is not null) graph.Happen(happening);
            return happening;
        }
    }

    /// <summary>Takes in a message that its broker delivers again, because it does not know whether it had arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="arrived">When it arrived the first time, UTC: its readings get the same times, so that no row is written twice.</param>
    /// <param name="isTaken">Whether that was in this process: then the live path has it, whatever the clock says.</param>
    /// <returns>What came of it; the live path gets it only where it cannot have known.</returns>
    public VehicleEvent? TakeAgain(string topic, ReadOnlySequence<byte> payload, DateTime arrived, bool isTaken = false)
    {
        lock (_gate)
        {
            if (reader.ReadAgain(topic, payload, arrived, scheduler.Now.UtcDateTime, graph.Elapsed, out var isNews) is not { } happening) return null;
            if (isNews && !isTaken) graph.Happen(happening);
            return happening;
        }
    }

    /// <summary>Takes in readings of an earlier time that came to the history by another way.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="readings">With their times.</param>
    public void Remember(Vehicle vehicle, Reading[] readings)
    {
        lock (_gate) graph.Happen(new LastValues(vehicle, readings));
    }

    /// <summary>Takes in what the store knows of a vehicle.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="readings">The last value of each of its signals; none where it was never heard.</param>
    public void Restore(Vehicle vehicle, Reading[] readings)
    {
        lock (_gate)
        {
            reader.CountNames(vehicle, readings, scheduler.Now.UtcDateTime);
            if (readings.Length > 0) reader.StartAfter(vehicle, readings.Max(reading => reading.At));
            graph.Happen(new LastValues(vehicle, readings));
        }
    }

    /// <summary>Changes what people say of a vehicle, between two messages.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="change">Does it.</param>
    public void Revise(Vehicle vehicle, Action change)
    {
        lock (_gate)
        {
            change();
            graph.Happen(new Revision(vehicle));
        }
    }

    /// <summary>Makes a vehicle part of another one, between two messages.</summary>
    /// <param name="vehicle">It is offline for those who listen, and then none any more.</param>
    /// <param name="into">The other one.</param>
    /// <param name="readings">What is known of the first, with its times.</param>
    public void Merge(Vehicle vehicle, Vehicle into, Reading[] readings)
    {
        lock (_gate)
        {
            graph.Happen(new Will(vehicle));
            if (!reader.TryMerge(vehicle, into)) return;
            graph.Happen(new LastValues(into, readings));
        }
    }
}
