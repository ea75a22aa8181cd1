namespace Telemetry.Core.Signals;

/// <summary>Signal names in use, and the limits reached.</summary>
/// <param name="Names">Number of counted names.</param>
/// <param name="FullVehicles">Devices whose new names are rejected.</param>
public sealed record NameUsage(int Names, IReadOnlyList<string> FullVehicles)
{
    /// <summary>Reason why new names are rejected; null while they are accepted.</summary>
    public string? Problem =>
        Names >= SignalCatalog.MaxOtherSignals ? $"{Names} signal names are in use, which is the maximum: new names are rejected until some have not been sent for a day."
        : FullVehicles is [var one] ? $"Vehicle '{one}' has {SignalCatalog.MaxSignalsOfVehicle} signal names, which is the maximum: its new names are rejected until some have not been sent for a day."
        : FullVehicles.Count > 1 ? $"{FullVehicles.Count} vehicles have {SignalCatalog.MaxSignalsOfVehicle} signal names each, which is the maximum: their new names are rejected until some have not been sent for a day."
        : null;
}
