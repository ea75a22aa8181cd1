using System.Text;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>The contract, byte for byte, against the files in Golden.</summary>
public class TelemetryMessageTests
{
    static readonly DateTime At = new DateTime(2025, 11, 27, 16, 4, 47, DateTimeKind.Utc).AddMilliseconds(234);

    readonly VehicleRegistry _vehicles = new();

    VehicleSnapshot Nothing => VehicleSnapshot.Unheard(_vehicles.Default, At, TimeSpan.FromSeconds(10));

    VehicleSnapshot Everything => Nothing.After(new Arrival(_vehicles.Default,
    [
        new(Signal.FuelRailPressure, 350.2, At), new(Signal.ControlModuleVoltage, 13.8, At), new(Signal.EngineLoad, 45.2, At),
        new(Signal.CoolantTemperature, 87.3, At), new(Signal.VehicleSpeed, 65.5, At), new(Signal.Rpm, 2500, At),
    ]), VehicleState.Running);

    [Fact]
    public void Running() => Check("running.json", Everything);

    [Fact]
    public void Offline_repeats_the_last_values() => Check("offline.json", Everything.After(new Silence(_vehicles.Default), VehicleState.Offline));

    [Fact]
    public void A_signal_without_a_reading_is_null_and_not_zero() => Check("unheard.json", Nothing);

    [Fact]
    public void Numbers_have_no_needless_digits() => Check("numbers.json", Nothing.After(new Arrival(_vehicles.Default,
    [
        new(Signal.Rpm, 0, At), new(Signal.VehicleSpeed, 0.1 + 0.2, At), new(Signal.CoolantTemperature, -40, At),
        new(Signal.EngineLoad, 33.333333333333336, At), new(Signal.ControlModuleVoltage, 0.00001, At), new(Signal.FuelRailPressure, 655350, At.AddMicroseconds(766_001)),
    ]), VehicleState.Running));

    [Fact]
    public void A_signal_beyond_the_six_adds_no_key()
    {
        new SignalCatalog().TryNamed("soc", out var soc);
        Check("running.json", Everything.After(new RestoredValues(_vehicles.Default, [new(soc!, 71.5, At.AddDays(-1))])));
    }

    static void Check(string golden, VehicleSnapshot snapshot)
    {
        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", golden)).TrimEnd('\n');
        Encoding.UTF8.GetString(TelemetryMessage.Serialize(snapshot, SignalChoice.None)).Should().Be(expected);
    }
}
