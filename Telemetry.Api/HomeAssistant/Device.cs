using System.IO.Hashing;
using Telemetry.Core.Alerts;
using Telemetry.Core.HomeAssistant;
using Telemetry.Core.Stream;

namespace Telemetry.Api.HomeAssistant;

sealed class Device
{
    UInt128? _values;
    UInt128? _alerts;
    string? _presence;

    /// <summary>Null: only an alert of the vehicle is known.</summary>
    public VehicleSnapshot? Snapshot { get; set; }

    public Dictionary<int, Alert> OpenAlerts { get; } = [];

    public DeviceParts? Published { get; set; }

    /// <summary>True from emptying its topics until they are filled again.</summary>
    public bool IsHidden { get; set; }

    /// <summary>True if the broker may have lost the discovery message.</summary>
    public bool IsConfigDue { get; private set; } = true;

    public void ConfigIsThere(DeviceParts parts) => (Published, IsConfigDue) = (parts, false);

    /// <summary>The broker or Home Assistant may have lost everything.</summary>
    public void Forget() => (_values, _alerts, _presence, IsConfigDue) = (null, null, null, true);

    public bool HasNewValues(byte[] values) => IsNew(ref _values, values);

    public bool HasNewAlerts(byte[] alerts) => IsNew(ref _alerts, alerts);

    public bool HasNewPresence(string presence)
    {
        var isNew = _presence != presence;
        _presence = presence;
        return isNew;
    }

    // A hash is enough to compare, and saves the memory of thousands of messages.
    static bool IsNew(ref UInt128? known, byte[] message)
    {
        var hash = XxHash128.HashToUInt128(message);
        var isNew = known != hash;
        known = hash;
        return isNew;
    }
}
