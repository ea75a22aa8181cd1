using Telemetry.Core.Vehicles;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Vehicles that wait to be published, each once: first those with a changed alert, then in their order.</summary>
sealed class DueVehicles
{
    readonly HashSet<Vehicle> _waiting = [];
    readonly Queue<Vehicle> _urgent = new();
    readonly Queue<Vehicle> _order = new();

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(Vehicle vehicle, bool isUrgent = false)
    {
        if (_waiting.Add(vehicle)) (isUrgent ? _urgent : _order).Enqueue(vehicle);
        else if (isUrgent) _urgent.Enqueue(vehicle); // Its place in the order is passed over.
    }

    public void AddAll(IEnumerable<Vehicle> vehicles)
    {
        foreach (var vehicle in vehicles) Add(vehicle);
    }

    /// <summary>The next one; it waits until it is done.</summary>
    public Vehicle? Peek()
    {
        while (_urgent.TryPeek(out var vehicle) || _order.TryPeek(out vehicle))
        {
            if (_waiting.Contains(vehicle)) return vehicle;
            Dequeue();
        }

        return null;
    }

    /// <summary>The vehicle that <see cref="Peek"/> gave is published.</summary>
    public void Done() => _waiting.Remove(Dequeue());

    Vehicle Dequeue() => _urgent.TryDequeue(out var vehicle) ? vehicle : _order.Dequeue();
}
