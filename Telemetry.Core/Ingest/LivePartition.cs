using System.Reactive.Concurrency;
using Telemetry.Core.Live;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Live pipeline of a part of the vehicles: one lock around parsing and their graph. Thread-safe.</summary>
sealed class LivePartition(MessageReader reader, LiveGraph graph, IScheduler scheduler)
{
    readonly Lock _gate = new();
    readonly ReplayDetector _replays = new(graph);

    /// <summary>Handles a message that has just arrived.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="retained">True if the broker had retained it from before.</param>
    /// <param name="mayBeReplay">True if its publisher set the retain flag.</param>
    /// <param name="arrived">Arrival at another server, UTC; null: now.</param>
    /// <param name="other">Vehicle of another partition that the message turns out to be of; handle it there.</param>
    public VehicleEvent? Take(in TopicMatch topic, ReadOnlySpan<byte> payload, bool retained, bool mayBeReplay, DateTime? arrived, out Vehicle? other)
    {
        lock (_gate)
        {
            var vehicleEvent = reader.Read(topic, payload, retained, arrived ?? scheduler.Now.UtcDateTime, graph.Elapsed, mayBeReplay ? _replays : null, out other);
            if (vehicleEvent is not null) graph.Publish(vehicleEvent);
            return vehicleEvent;
        }
    }

    /// <summary>Handles a message that the broker redelivers.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">Its payload; not kept.</param>
    /// <param name="arrived">First arrival, UTC.</param>
    /// <param name="isTaken">True if that was in this process.</param>
    /// <param name="isDated">True if the broker has given that time, and this may be the first delivery.</param>
    /// <param name="other">As in <see cref="Take"/>.</param>
    public VehicleEvent? TakeAgain(in TopicMatch topic, ReadOnlySpan<byte> payload, DateTime arrived, bool isTaken, bool isDated, out Vehicle? other)
    {
        lock (_gate)
        {
            if (reader.ReadAgain(topic, payload, arrived, isDated, scheduler.Now.UtcDateTime, graph.Elapsed, out var isNews, out other) is not { } vehicleEvent) return null;
            if (isNews && !isTaken) graph.Publish(vehicleEvent);
            return vehicleEvent;
        }
    }

    /// <summary>Runs an action and publishes an event, between two messages.</summary>
    public void Publish(VehicleEvent vehicleEvent, Action? before = null)
    {
        lock (_gate)
        {
            before?.Invoke();
            graph.Publish(vehicleEvent);
        }
    }

    /// <summary>Restores a vehicle's last values from the store.</summary>
    public void Restore(RestoredValues values)
    {
        var (vehicle, readings) = (values.Vehicle, values.Readings);
        lock (_gate)
        {
            reader.CountNames(vehicle, readings, scheduler.Now.UtcDateTime);
            if (readings.Length > 0) reader.StartAfter(vehicle, readings.Max(reading => reading.At));
            graph.Publish(values);
        }
    }

    /// <summary>Marks a vehicle offline, and removes it if an action succeeds.</summary>
    /// <returns>Timestamp of its newest reading, UTC; null if the action fails.</returns>
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

    /// <summary>Adds the readings of a merged vehicle to the other one.</summary>
    /// <param name="into">The other vehicle.</param>
    /// <param name="readings">Last values of the merged one, with timestamps.</param>
    /// <param name="newest">Timestamp of its newest reading, UTC.</param>
    public void Absorb(Vehicle into, Reading[] readings, DateTime newest)
    {
        lock (_gate)
        {
            reader.StartAfter(into, newest);
            graph.Publish(new RestoredValues(into, readings));
        }
    }
}
