namespace Telemetry.Core.Vehicles;

/// <summary>All vehicles, by id, by key, and by dongle. Vehicle 1, device <c>default</c>, always exists. Thread-safe.</summary>
public sealed class VehicleRegistry
{
    readonly Lock _gate = new();
    readonly DeviceMap _devices = new();
    readonly HashSet<Vehicle> _provisional = [];
    readonly Dictionary<string, Vehicle> _byKey = [];
    readonly Dictionary<string, Vehicle> _mergedByKey = [];
    readonly SortedDictionary<int, Vehicle> _byId = [];
    readonly ChangedNames _changed = new([], [], []);
    int _lastId = 1;

    /// <summary>A registry with the default vehicle.</summary>
    public VehicleRegistry() => Default = Add(1, Vehicle.DefaultDevice, Vehicle.DefaultDevice);

    /// <summary>Vehicle 1; another instance after its deletion.</summary>
    public Vehicle Default { get; private set; }

    /// <summary>Raised after a vehicle's id has changed, on the thread that changed it.</summary>
    public event Action<Vehicle>? Renumbered;

    /// <summary>Raised after the store has given a vehicle its id, on the thread that writes to the store.</summary>
    public event Action<Vehicle>? Confirmed;

    /// <summary>Raised after a merge with the merged vehicle and the other one, on the thread that merged them.</summary>
    public event Action<Vehicle, Vehicle>? Merged;

    /// <summary>Raised after a vehicle was deleted, on the thread that deleted it.</summary>
    public event Action<Vehicle>? Deleted;

    /// <summary>Number of vehicles.</summary>
    public int Count
    {
        get { lock (_gate) return _byId.Count; }
    }

    /// <summary>The vehicle that a dongle feeds; null if the dongle is unknown.</summary>
    public Vehicle? Known(ReadOnlySpan<char> device) => _devices.Find(device);

    /// <summary>The vehicle that a dongle feeds; registered with the next id if the dongle is new.</summary>
    public Vehicle Of(ReadOnlySpan<char> device)
    {
        if (_devices.Find(device) is { } known) return known;
        lock (_gate)
        {
            if (_devices.Find(device) is { } added) return added;
            var name = device.ToString();
            var key = name;
            for (var number = 2; _byKey.ContainsKey(key) || _mergedByKey.ContainsKey(key); number++) key = $"{name}#{number}";
            var vehicle = Add(++_lastId, key, name);
            _provisional.Add(vehicle);
            return vehicle;
        }
    }

    /// <summary>The vehicle of a key from the store or a file; registered if unknown.</summary>
    public Vehicle Keyed(string key) => KnownByKey(key) ?? Of(key);

    /// <summary>The vehicle of a key from a file, or of a dongle of that name; null if both are unknown. The key of a merged vehicle means the vehicle it was merged into.</summary>
    public Vehicle? KnownByKey(string key)
    {
        lock (_gate) return _byKey.GetValueOrDefault(key) ?? _mergedByKey.GetValueOrDefault(key)?.Current ?? Known(key);
    }

    /// <summary>The vehicle with an id; null if there is none.</summary>
    public Vehicle? Find(int id)
    {
        lock (_gate) return _byId.GetValueOrDefault(id);
    }

    /// <summary>At most <paramref name="limit"/> vehicles with an id above <paramref name="after"/>, by ascending id.</summary>
    public IReadOnlyList<Vehicle> Page(int limit, int after)
    {
        lock (_gate) return [.. _byId.Values.SkipWhile(vehicle => vehicle.Id <= after).Take(limit)];
    }

    /// <summary>Adds a stored vehicle and returns it. Another vehicle with that id gets a free one.</summary>
    public Vehicle Restore(int id, string key, string? name = null, TimeSpan? offlineAfter = null)
    {
        Vehicle? vehicle, moved;
        lock (_gate)
        {
            var holder = _byId.GetValueOrDefault(id);
            if (!_byKey.TryGetValue(key, out vehicle)) vehicle = Add(id, key, null);
            _provisional.Remove(vehicle);
            vehicle.Name = name;
            vehicle.OfflineAfter = offlineAfter;
            moved = Renumber(vehicle, id, holder);
        }

        if (moved is not null) Renumbered?.Invoke(moved);
        return vehicle;
    }

    /// <summary>Gives a vehicle the id that the store assigned. Another vehicle with that id gets a free one.</summary>
    public void Confirm(Vehicle vehicle, int id)
    {
        Vehicle? moved = null;
        var (isConfirmed, isRenumbered) = (false, false);
        lock (_gate)
        {
            (isConfirmed, isRenumbered) = (_provisional.Remove(vehicle), vehicle.Id != id && !vehicle.IsGone);
            if (isRenumbered) moved = Renumber(vehicle, id, _byId.GetValueOrDefault(id));
        }

        if (moved is not null) Renumbered?.Invoke(moved);
        if (isRenumbered) Renumbered?.Invoke(vehicle);
        if (isConfirmed) Confirmed?.Invoke(vehicle);
    }

    /// <summary>True until the store has given the vehicle its id.</summary>
    public bool IsProvisional(Vehicle vehicle)
    {
        lock (_gate) return _provisional.Contains(vehicle);
    }

    /// <summary>Highest id ever given, merged vehicles included: new vehicles get higher ones.</summary>
    public int LastId
    {
        get => Volatile.Read(ref _lastId);
        set { lock (_gate) _lastId = Math.Max(_lastId, value); }
    }

    /// <summary>Assigns a dongle to a vehicle; null: to a new one, registered at the dongle's next message.</summary>
    public void Assign(string device, Vehicle? vehicle)
    {
        lock (_gate)
        {
            if (_devices.Assign(device, vehicle)) _changed.Devices.Add(device);
        }
    }

    /// <summary>Dongles of a vehicle, in ordinal order.</summary>
    public IReadOnlyList<string> DevicesOf(Vehicle vehicle) => _devices.Of(vehicle);

    /// <summary>Dongles that feed another vehicle than that of their own key; without vehicles that the store does not know yet.</summary>
    public IReadOnlyList<KeyValuePair<string, Vehicle>> Reassigned()
    {
        lock (_gate) return [.. _devices.Reassigned().Where(pair => !_provisional.Contains(pair.Value))];
    }

    /// <summary>Merges a vehicle into another: its dongles feed that one, and its key means that one. False if one of them was merged already, or both are the same.</summary>
    public bool TryMerge(Vehicle vehicle, Vehicle into)
    {
        lock (_gate)
        {
            if (vehicle.IsGone || into.IsGone || vehicle == into) return false;
            foreach (var device in DevicesOf(vehicle)) Assign(device, into);
            _byKey.Remove(vehicle.Key);
            _byId.Remove(vehicle.Id);
            vehicle.MergeInto(into);
            _provisional.Remove(vehicle);
            _mergedByKey[vehicle.Key] = vehicle;
            foreach (var (key, merged) in _mergedByKey)
                if (merged.Current == into) _changed.Merged.Add(key);
        }

        Merged?.Invoke(vehicle, into);
        return true;
    }

    /// <summary>Deletes a vehicle: its dongles feed a new one at their next message. Vehicle 1 begins anew. False if it was merged or deleted already.</summary>
    public bool TryDelete(Vehicle vehicle)
    {
        lock (_gate)
        {
            if (vehicle.IsGone) return false;
            foreach (var device in DevicesOf(vehicle)) Assign(device, null);
            _byKey.Remove(vehicle.Key);
            _byId.Remove(vehicle.Id);
            _provisional.Remove(vehicle);
            foreach (var key in _mergedByKey.Where(pair => pair.Value.Current == vehicle).Select(pair => pair.Key).ToList())
            {
                _mergedByKey.Remove(key);
                _changed.Merged.Remove(key);
            }

            vehicle.Delete();
            if (vehicle == Default) Default = Add(vehicle.Id, Vehicle.DefaultDevice, Vehicle.DefaultDevice);
        }

        Deleted?.Invoke(vehicle);
        return true;
    }

    /// <summary>Adds the key of a vehicle that the store knows as merged.</summary>
    public void RestoreMerged(string key, Vehicle into)
    {
        lock (_gate)
        {
            if (_byKey.ContainsKey(key) || _mergedByKey.GetValueOrDefault(key)?.Current == into) return;
            _mergedByKey[key] = into;
            _changed.Merged.Add(key);
        }
    }

    /// <summary>Vehicles whose id the store has not confirmed, up to an id, by ascending id.</summary>
    public IReadOnlyList<Vehicle> ProvisionalUpTo(int id)
    {
        lock (_gate) return [.. _provisional.Where(vehicle => vehicle.Id <= id).OrderBy(vehicle => vehicle.Id)];
    }

    /// <summary>Changes since the last call.</summary>
    public RegistryChanges TakeChanges()
    {
        lock (_gate)
        {
            var merged = _changed.Merged.ToDictionary(key => key, key => _mergedByKey[key].Current);
            var changes = new RegistryChanges([.. _changed.Vehicles.Where(vehicle => !vehicle.IsGone)], merged, _devices.Assignments(_changed.Devices, _byKey), [.. _changed.Devices], _lastId);
            _changed.Clear();
            return changes;
        }
    }

    /// <summary>Returns changes that could not be stored; the next <see cref="TakeChanges"/> contains them again.</summary>
    public void ReturnChanges(RegistryChanges changes) { lock (_gate) _changed.Add(changes); }

    Vehicle Add(int id, string key, string? device)
    {
        var vehicle = _byKey[key] = new Vehicle(id, key, device ?? (DeviceMap.NamesDevice(key) && _devices.Find(key) is null ? key : null));
        if (vehicle.Device is not null)
        {
            _devices.Add(vehicle.Device, vehicle);
            if (vehicle.Device != key) _changed.Devices.Add(vehicle.Device);
        }

        _changed.Vehicles.Add(vehicle);
        return _byId[id] = vehicle;
    }

    Vehicle? Renumber(Vehicle vehicle, int id, Vehicle? holder)
    {
        _lastId = Math.Max(_lastId, id);
        if (holder == vehicle) holder = null;
        if (holder is not null) Renumber(holder, ++_lastId);
        if (vehicle.Id != id) Renumber(vehicle, id);
        return holder;
    }

    void Renumber(Vehicle vehicle, int id)
    {
        if (_byId.GetValueOrDefault(vehicle.Id) == vehicle) _byId.Remove(vehicle.Id);
        vehicle.Id = id;
        _byId[id] = vehicle;
        _changed.Vehicles.Add(vehicle);
        _changed.Devices.UnionWith(_devices.Of(vehicle).Where(device => device != vehicle.Key));
    }
}
