using Telemetry.Core.Vehicles;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Vehicles to be published, each once: those with a changed alert first, then in order of arrival.</summary>
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

    /// <summary>The next vehicle; it stays until <see cref="Done"/>.</summary>
    public Vehicle? Peek()
    {
        while (_urgent.TryPeek(out var vehicle) || _order.TryPeek(out vehicle))
        {
            if (_waiting.Contains(vehicle)) return vehicle;
            Dequeue();
        }

        return null;
    }

    public void Done() => _waiting.Remove(Dequeue());

    Vehicle Dequeue() => _urgent.TryDequeue(out var vehicle) ? vehicle : _order.Dequeue();
}
