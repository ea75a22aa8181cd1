namespace Telemetry.Core.Signals;

/// <summary>Names of signals in use, and the limits that they have come to.</summary>
/// <param name="Names">Counted names.</param>
/// <param name="FullVehicles">Devices whose new names are rejected.</param>
public sealed record NameUsage(int Names, IReadOnlyList<string> FullVehicles)
{
    /// <summary>Why new names are rejected; null while they are taken.</summary>
    public string? Problem =>
        Names >= SignalCatalog.MaxOtherSignals ? $"{Names} names of signals are in use, which is the limit: new names are rejected until some have not been sent for a day."
        : FullVehicles is [var one] ? $"Vehicle '{one}' has brought {SignalCatalog.MaxSignalsOfVehicle} names of signals, which is the limit: its new names are rejected until some have not been sent for a day."
        : FullVehicles.Count > 1 ? $"{FullVehicles.Count} vehicles have each brought {SignalCatalog.MaxSignalsOfVehicle} names of signals, which is the limit: their new names are rejected until some have not been sent for a day."
        : null;
}
