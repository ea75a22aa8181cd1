using System.IO.Hashing;
using Telemetry.Core.Alerts;
using Telemetry.Core.HomeAssistant;
using Telemetry.Core.Stream;

namespace Telemetry.Api.HomeAssistant;

/// <summary>A vehicle as it is published. Used by one loop.</summary>
sealed class Device
{
    UInt128? _values;
    UInt128? _alerts;
    string? _presence;

    /// <summary>Newest snapshot; null: only an alert of it is known.</summary>
    public VehicleSnapshot? Snapshot { get; set; }

    /// <summary>Its alerts that are not over, by rule.</summary>
    public Dictionary<int, Alert> OpenAlerts { get; } = [];

    /// <summary>Content of its last discovery message; null: none.</summary>
    public DeviceParts? Published { get; set; }

    /// <summary>True after its topics were emptied, until they are filled again.</summary>
    public bool IsHidden { get; set; }

    /// <summary>True if the broker may have lost the discovery message.</summary>
    public bool IsConfigDue { get; private set; } = true;

    /// <summary>The discovery message is on the broker.</summary>
    public void ConfigIsThere(DeviceParts parts) => (Published, IsConfigDue) = (parts, false);

    /// <summary>The broker, or Home Assistant, may have forgotten everything.</summary>
    public void Forget() => (_values, _alerts, _presence, IsConfigDue) = (null, null, null, true);

    /// <summary>True for values that differ from the last ones.</summary>
    public bool HasNewValues(byte[] values) => IsNew(ref _values, values);

    /// <summary>True for alerts that differ from the last ones.</summary>
    public bool HasNewAlerts(byte[] alerts) => IsNew(ref _alerts, alerts);

    /// <summary>True for another presence than the last one.</summary>
    public bool HasNewPresence(string presence)
    {
        var isNew = _presence != presence;
        _presence = presence;
        return isNew;
    }

    // The hash stands for the message: those of thousands of vehicles need not be kept.
    static bool IsNew(ref UInt128? known, byte[] message)
    {
        var hash = XxHash128.HashToUInt128(message);
        var isNew = known != hash;
        known = hash;
        return isNew;
    }
}
