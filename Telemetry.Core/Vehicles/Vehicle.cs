namespace Telemetry.Core.Vehicles;

/// <summary>A vehicle that has been heard of. One instance each, compared by reference.</summary>
public sealed class Vehicle
{
    /// <summary>The device name of the vehicle that <c>wican/&lt;signal&gt;</c> belongs to; its id is 1.</summary>
    public const string DefaultDevice = "default";

    /// <summary>The longest name of a device, in characters.</summary>
    public const int MaxDeviceLength = 64;

    volatile int _id;
    volatile Vehicle? _mergedInto;

    internal Vehicle(int id, string key, string? device)
    {
        _id = id;
        Key = key;
        KeyHash = HashOf(key);
        Device = device;
    }

    /// <summary>The number that clients and the store know the vehicle by, from 1.</summary>
    /// <remarks>Provisional until the store has confirmed it. It changes only where the store gives another number.</remarks>
    public int Id
    {
        get => _id;
        internal set => _id = value;
    }

    /// <summary>What the store and files know the vehicle by, for ever: the first device's name, or, where another vehicle had that dongle before, that and a number.</summary>
    public string Key { get; }

    /// <summary>Hash of <see cref="Key"/>, the same in every process: it decides on the partition.</summary>
    public uint KeyHash { get; }

    /// <summary>The dongle that feeds it, as its topic names it: the last one where there are several; null where all have gone to other vehicles.</summary>
    public string? Device { get; internal set; }

    /// <summary>What people call the vehicle; null where nobody has named it.</summary>
    public string? Name { get; set; }

    /// <summary>Silence after which this vehicle is offline; null: the server's setting.</summary>
    public TimeSpan? OfflineAfter { get; set; }

    /// <summary>The vehicle identification number that its control units give; null where none has been asked for it.</summary>
    public string? Vin { get; internal set; }

    /// <summary>True if it has become part of another vehicle, and is none any more.</summary>
    public bool IsMerged => _mergedInto is not null;

    /// <summary>The vehicle that it is part of now; usually itself.</summary>
    public Vehicle Current
    {
        get
        {
            var current = this;
            while (current._mergedInto is { } other) current = other;
            return current;
        }
    }

    /// <summary>FNV-1a of a key's characters.</summary>
    internal static uint HashOf(ReadOnlySpan<char> key)
    {
        var hash = 2166136261u;
        foreach (var c in key) hash = (hash ^ c) * 16777619u;
        return hash;
    }

    internal void MergeInto(Vehicle other) => _mergedInto = other;
}
