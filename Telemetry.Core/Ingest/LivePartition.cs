using System.Reactive.Concurrency;
using Telemetry.Core.Live;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>The live path of a part of the vehicles: their messages are read and their graph is fed under one lock. Thread-safe.</summary>
sealed class LivePartition(MessageReader reader, LiveGraph graph, IScheduler scheduler)
{
    readonly Lock _gate = new();
    readonly ReplayDetector _replays = new(graph);

    /// <summary>Takes in a message that has just arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="retained">True where the broker had kept it from before.</param>
    /// <param name="mayBeReplay">True where its publisher asks the broker to keep it.</param>
    /// <param name="other">A vehicle of another partition that the message turns out to be of; it is to be taken in there.</param>
    public VehicleEvent? Take(in TopicMatch topic, ReadOnlySpan<byte> payload, bool retained, bool mayBeReplay, out Vehicle? other)
    {
        lock (_gate)
        {
            var vehicleEvent = reader.Read(topic, payload, retained, scheduler.Now.UtcDateTime, graph.Elapsed, mayBeReplay ? _replays : null, out other);
            if (vehicleEvent is not null) graph.Publish(vehicleEvent);
            return vehicleEvent;
        }
    }

    /// <summary>Takes in a message that its broker delivers again.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="arrived">When it arrived the first time, UTC.</param>
    /// <param name="isTaken">True where that was in this process.</param>
    /// <param name="other">As in <see cref="Take"/>.</param>
    public VehicleEvent? TakeAgain(in TopicMatch topic, ReadOnlySpan<byte> payload, DateTime arrived, bool isTaken, out Vehicle? other)
    {
        lock (_gate)
        {
            if (reader.ReadAgain(topic, payload, arrived, scheduler.Now.UtcDateTime, graph.Elapsed, out var isNews, out other) is not { } vehicleEvent) return null;
            if (isNews && !isTaken) graph.Publish(vehicleEvent);
            return vehicleEvent;
        }
    }

    /// <summary>Publishes an event after an action, between two messages.</summary>
    public void Publish(VehicleEvent vehicleEvent, Action? before = null)
    {
        lock (_gate)
        {
            before?.Invoke();
            graph.Publish(vehicleEvent);
        }
    }

    /// <summary>Takes over what the store knows of a vehicle.</summary>
    public void Restore(Vehicle vehicle, Reading[] readings)
    {
        lock (_gate)
        {
            reader.CountNames(vehicle, readings, scheduler.Now.UtcDateTime);
            if (readings.Length > 0) reader.StartAfter(vehicle, readings.Max(reading => reading.At));
            graph.Publish(new RestoredValues(vehicle, readings));
        }
    }

    /// <summary>Makes a vehicle offline, and drops it where an action succeeds.</summary>
    /// <returns>The time of its newest reading, UTC; null where the action fails.</returns>
    public DateTime? Remove(Vehicle vehicle, Func<bool> action)
    {
        lock (_gate)
        {
            graph.Publish(new Will(vehicle));
            if (!action()) return null;
            graph.Publish(new Merged(vehicle));
            return reader.Remove(vehicle);
        }
    }

    /// <summary>Takes over the readings of a vehicle that has become part of another one.</summary>
    /// <param name="into">The other one.</param>
    /// <param name="readings">What is known of the first, with its times.</param>
    /// <param name="newest">The time of its newest reading, UTC.</param>
    public void Absorb(Vehicle into, Reading[] readings, DateTime newest)
    {
        lock (_gate)
        {
            reader.StartAfter(into, newest);
            graph.Publish(new RestoredValues(into, readings));
        }
    }
}
