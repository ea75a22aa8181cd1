using System.Diagnostics;
using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>Result of a judged drive.</summary>
sealed record JudgedDrive(Trip Trip, DriveForecaster Forecaster, VehicleModels Models, DriveAlarms Alarms)
{
    /// <summary>Findings of the faults of the coolant; empty if the drive is not fit for it.</summary>
    public IReadOnlyDictionary<Fault, Finding> Findings { get; init; } = new Dictionary<Fault, Finding>();
}

/// <summary>Alarms that a drive raised as it was recorded, in minutes since the engine's start; NaN if it raised none.</summary>
sealed record DriveAlarms(double Step, double Below, double Above, double Voltage, double Hours);

/// <summary>A car's drives in order: each is forecast from those before it, then learned.</summary>
sealed record CarRun(string Car, int Learned, IReadOnlyList<JudgedDrive> Judged, VehicleModels Models, double MicrosecondsPerRow)
{
    // From a start above it, a thermostat that keeps two thirds is within what healthy drives do.
    const double MaxColdStart = 40;
    const double MinMinutes = 10;
    const double MinWarmMinutes = 15;

    public static CarRun Of(string car, IReadOnlyList<Trip> trips, double learn)
    {
        var learned = Math.Min((int)Math.Round(trips.Count * learn), trips.Count - 1);
        var models = new VehicleModels();
        var judged = new List<JudgedDrive>();
        long ticks = 0, rows = 0;
        for (var i = 0; i < trips.Count; i++)
        {
            var forecaster = new DriveForecaster(models);
            var alarms = Watch(trips[i], forecaster, ref ticks, ref rows);
            if (i >= learned) judged.Add(new JudgedDrive(trips[i], forecaster, models, alarms) { Findings = Find(trips[i], forecaster, models) });
            models = forecaster.Learn();
        }

        return new CarRun(car, learned, judged, models, Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds / Math.Max(rows, 1));
    }

    static DriveAlarms Watch(Trip trip, DriveForecaster forecaster, ref long ticks, ref long rows)
    {
        double step = double.NaN, below = double.NaN, above = double.NaN, voltage = double.NaN;
        long spent = 0, count = 0;
        trip.Replay(row =>
        {
            var began = Stopwatch.GetTimestamp();
            forecaster.Add(row);
            spent += Stopwatch.GetTimestamp() - began;
            count++;
            var minutes = double.IsNaN(forecaster.State.RunSeconds) ? row.Seconds / 60 : forecaster.State.RunSeconds / 60;
            if (double.IsNaN(step) && forecaster.Cooling.Step != 0) step = minutes;
            if (double.IsNaN(below) && forecaster.Cooling.IsBelow) below = minutes;
            if (double.IsNaN(above) && forecaster.Cooling.IsAbove) above = minutes;
            if (double.IsNaN(voltage) && forecaster.Voltage.IsBelow) voltage = minutes;
        });
        (ticks, rows) = (ticks + spent, rows + count);
        return new DriveAlarms(step, below, above, voltage, count / 3600.0);
    }

    static Dictionary<Fault, Finding> Find(Trip trip, DriveForecaster healthy, VehicleModels models)
    {
        var findings = new Dictionary<Fault, Finding>();
        var start = healthy.WarmUp.StartCoolant;
        if (start <= MaxColdStart)
            foreach (var fault in Fault.Thermostat) AddIf(fault, finding => finding.Length >= MinMinutes);
        if (!double.IsNaN(start)) AddIf(Fault.Overheating, finding => finding.Length >= MinWarmMinutes);
        if (healthy.Voltage.Scored.Count > 0)
            foreach (var fault in Fault.Alternator) AddIf(fault, _ => true);
        return findings;

        void AddIf(Fault fault, Func<Finding, bool> isFit)
        {
            var finding = fault.Find(trip, models);
            if (isFit(finding)) findings.Add(fault, finding);
        }
    }
}
