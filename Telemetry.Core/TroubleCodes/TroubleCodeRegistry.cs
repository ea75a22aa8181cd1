using Telemetry.Core.Obd;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.TroubleCodes;

/// <summary>Trouble codes and identification numbers of all vehicles. Thread-safe.</summary>
public sealed class TroubleCodeRegistry
{
    // For a car that is polled every second only the time of its last answer changes.
    static readonly TimeSpan RepeatInterval = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly Dictionary<Vehicle, VehicleCodes> _vehicles = [];
    readonly HashSet<Vehicle> _changed = [];

    /// <summary>Raised after a change that must be stored soon.</summary>
    public event Action? Changed;

    /// <summary>Codes of a vehicle: stored, pending, permanent, each ordered by code.</summary>
    public IReadOnlyList<KnownCode> Of(Vehicle vehicle)
    {
        lock (_gate)
        {
            return !_vehicles.TryGetValue(vehicle, out var known) ? [] :
                [.. known.All.OrderBy(code => code.Kind).ThenBy(code => code.Code.Value).ThenBy(code => code.ControlUnit)];
        }
    }

    /// <summary>Vehicles changed since the last call.</summary>
    public IReadOnlyList<Vehicle> TakeChanged()
    {
        lock (_gate)
        {
            Vehicle[] changed = [.. _changed.Select(vehicle => vehicle.Current).Where(vehicle => !vehicle.IsDeleted).Distinct()];
            _changed.Clear();
            return changed;
        }
    }

    /// <summary>Returns vehicles whose change could not be stored.</summary>
    public void PutBack(IEnumerable<Vehicle> changed)
    {
        lock (_gate) _changed.UnionWith(changed);
    }

    /// <summary>Restores a vehicle's stored codes and identification number.</summary>
    public void Restore(Vehicle vehicle, string? vin, IReadOnlyList<KnownCode> codes)
    {
        lock (_gate)
        {
            vehicle.Vin ??= vin;
            if (codes.Count == 0) return;
            if (_vehicles.ContainsKey(vehicle)) _changed.Add(vehicle); // It has sent other codes since the start.
            CodesOf(vehicle).Restore(codes);
        }
    }

    /// <summary>Replaces what is known of a vehicle that another server hears.</summary>
    public void Replace(Vehicle vehicle, string? vin, IReadOnlyList<KnownCode> codes)
    {
        lock (_gate)
        {
            if (_changed.Contains(vehicle)) return; // This server has heard it meanwhile.
            vehicle.Vin = vin;
            _vehicles.Remove(vehicle);
            if (codes.Count > 0) CodesOf(vehicle).Restore(codes);
        }
    }

    /// <summary>Records an answer of a vehicle.</summary>
    internal void Report(Vehicle vehicle, DiagnosticAnswer answer, DateTime now)
    {
        var at = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        lock (_gate)
        {
            var known = CodesOf(vehicle);
            var hasChanged = answer switch
            {
                { IsCleared: true } => known.Clear(answer.ControlUnit),
                { Kind: { } kind } => known.Replace(answer.ControlUnit, kind, answer.Codes, at),
                _ => UpdateVin(vehicle, known, answer),
            };
            if (!hasChanged && answer.Codes.Length == 0) return;
            _changed.Add(vehicle);
            if (!hasChanged && (at - known.AnnouncedAt).Duration() < RepeatInterval) return;
            known.AnnouncedAt = at;
        }

        Changed?.Invoke();
    }

    /// <summary>Moves the codes of a merged vehicle to the other one.</summary>
    internal void Merge(Vehicle vehicle, Vehicle into)
    {
        lock (_gate)
        {
            into.Vin ??= vehicle.Vin;
            if (_vehicles.Remove(vehicle, out var known)) CodesOf(into).Restore(known.All);
            _changed.Add(into);
        }

        Changed?.Invoke();
    }

    /// <summary>Removes a deleted vehicle.</summary>
    internal void Remove(Vehicle vehicle)
    {
        lock (_gate)
        {
            _vehicles.Remove(vehicle);
            _changed.Remove(vehicle);
        }
    }

    static bool UpdateVin(Vehicle vehicle, VehicleCodes known, DiagnosticAnswer answer)
    {
        if (answer.ControlUnit > known.VinSource) return false;
        known.VinSource = answer.ControlUnit;
        if (vehicle.Vin == answer.Vin) return false;
        vehicle.Vin = answer.Vin;
        return true;
    }

    VehicleCodes CodesOf(Vehicle vehicle)
    {
        if (!_vehicles.TryGetValue(vehicle, out var known)) _vehicles[vehicle] = known = new VehicleCodes();
        return known;
    }
}
