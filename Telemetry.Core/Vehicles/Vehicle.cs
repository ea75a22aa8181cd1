namespace Telemetry.Core.Vehicles;

/// <summary>A vehicle that has been heard of, by its dongle's name. One instance per device, compared by reference.</summary>
public sealed class Vehicle
{
    /// <summary>The device name of the vehicle that <c>wican/&lt;signal&gt;</c> belongs to; its id is 1.</summary>
    public const string DefaultDevice = "default";

    /// <summary>The longest name of a device, in characters.</summary>
    public const int MaxDeviceLength = 64;

    volatile int _id;

    internal Vehicle(int id, string device)
    {
        _id = id;
        Device = device;
    }

    /// <summary>The number that clients and the store know the vehicle by, from 1.</summary>
    /// <remarks>It changes only where the store, away at first sight, turns out to know the device by another number.</remarks>
    public int Id
    {
        get => _id;
        internal set => _id = value;
    }

    /// <summary>The topic level that names the dongle, as it was sent.</summary>
    public string Device { get; }

    /// <summary>What people call the vehicle; null where nobody has named it.</summary>
    public string? Name { get; set; }

    /// <summary>Silence after which this vehicle is offline; null: the server's setting.</summary>
    public TimeSpan? OfflineAfter { get; set; }
}
