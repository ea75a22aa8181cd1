namespace Telemetry.Core.Vehicles;

/// <summary>A known vehicle. One instance each, compared by reference.</summary>
public sealed class Vehicle
{
    /// <summary>Device name of the vehicle that <c>wican/&lt;signal&gt;</c> belongs to; its id is 1.</summary>
    public const string DefaultDevice = "default";

    /// <summary>Maximum length of a device name, in characters.</summary>
    public const int MaxDeviceLength = 64;

    volatile int _id;
    volatile Vehicle? _mergedInto;
    volatile bool _isDeleted;

    internal Vehicle(int id, string key, string? device)
    {
        _id = id;
        Key = key;
        KeyHash = HashOf(key);
        Device = device;
    }

    /// <summary>Number of the vehicle for clients and in the store, from 1.</summary>
    /// <remarks>Provisional until the store has confirmed it. Changes only if the store gives another number.</remarks>
    public int Id
    {
        get => _id;
        internal set => _id = value;
    }

    /// <summary>Permanent key in the store and in exports: the first device's name, suffixed "#n" if that is taken.</summary>
    public string Key { get; }

    /// <summary>Hash of <see cref="Key"/>, the same in every process: selects the partition.</summary>
    public uint KeyHash { get; }

    /// <summary>Dongle that feeds the vehicle, as its topic names it; the last one of several; null if all feed other vehicles now.</summary>
    public string? Device { get; internal set; }

    /// <summary>Display name given by a user; null if none.</summary>
    public string? Name { get; set; }

    /// <summary>Timeout of silence of this vehicle; null: the server's setting.</summary>
    public TimeSpan? OfflineAfter { get; set; }

    /// <summary>Display settings given by a user.</summary>
    public VehicleProfile Profile { get; set; } = VehicleProfile.Empty;

    /// <summary>Vehicle identification number from its control units; null if not known.</summary>
    public string? Vin { get; internal set; }

    /// <summary>True after the vehicle was merged into another.</summary>
    public bool IsMerged => _mergedInto is not null;

    /// <summary>True after the vehicle was deleted: its readings, also those that are still on their way, are dropped.</summary>
    public bool IsDeleted => _isDeleted;

    /// <summary>True after the vehicle was merged or deleted.</summary>
    public bool IsGone => IsMerged || IsDeleted;

    /// <summary>The vehicle it was merged into, finally; itself if not merged.</summary>
    public Vehicle Current
    {
        get
        {
            var current = this;
            while (current._mergedInto is { } other) current = other;
            return current;
        }
    }

    /// <summary>FNV-1a hash of a key's characters.</summary>
    internal static uint HashOf(ReadOnlySpan<char> key)
    {
        var hash = 2166136261u;
        foreach (var c in key) hash = (hash ^ c) * 16777619u;
        return hash;
    }

    internal void Delete() => _isDeleted = true;

    internal void MergeInto(Vehicle other) => _mergedInto = other;
}
