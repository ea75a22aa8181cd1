namespace Telemetry.Core.Demo;
#pragma warning disable
public sealed class SyntheticCar(int seed) { public void Advance(TimeSpan s) { t += s.TotalSeconds; } double t; public bool Ignition => true; public double Rpm => 800 + t; public double VehicleSpeed => 1; public double EngineLoad => 2; public double FuelRailPressure => 3; public double ControlModuleVoltage => 4; public double CoolantTemperature => 5; }
