namespace Telemetry.Core.Forecasts;

/// <summary>All that has been learned of a vehicle: a function of its drives alone.</summary>
public sealed class VehicleModels
{
    /// <summary>Version of the algorithms. State of another version is learned anew.</summary>
    public const int Version = 5;

    /// <summary>Largest state of a vehicle, in bytes.</summary>
    public const int MaxBytes = 8192;

    internal WarmUp WarmUp { get; } = new();

    internal Cooling Cooling { get; } = new();

    internal Consumption Charge { get; } = new(isElectric: true);

    internal Consumption Fuel { get; } = new(isElectric: false);

    internal ChargeVoltage Voltage { get; } = new();

    internal SensorWatch[] Sensors { get; } = [.. SensorWatch.Targets.Select(target => new SensorWatch(target))];

    /// <summary>State to keep.</summary>
    public byte[] Write()
    {
        var writer = new StateWriter();
        writer.Byte(Version);
        WarmUp.Write(writer);
        Cooling.Write(writer);
        Charge.Write(writer);
        Fuel.Write(writer);
        Voltage.Write(writer);
        foreach (var sensor in Sensors) sensor.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Models of a state; null if another version of the algorithms has written it.</summary>
    public static VehicleModels? Read(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state);
        if (reader.IsAtEnd || reader.Byte() != Version) return null;
        var models = new VehicleModels();
        models.WarmUp.Read(ref reader);
        models.Cooling.Read(ref reader);
        models.Charge.Read(ref reader);
        models.Fuel.Read(ref reader);
        models.Voltage.Read(ref reader);
        foreach (var sensor in models.Sensors) sensor.Read(ref reader);
        return models;
    }

    /// <summary>Record of each forecast, as it is between two drives.</summary>
    public IReadOnlyList<Forecast> Records() => ForecastList.RecordsOf(this);

    /// <summary>Limits that healthy drives have set.</summary>
    public ForecastLimits Limits => new(
        Cooling.IsLearned ? Cooling.MaxShortfall : null, Voltage.MaxShortfall, Charge.Drives + Fuel.Drives > 0,
        Math.Max(Math.Max(Cooling.Drives, Voltage.Drives), Math.Max(Charge.Drives, Fuel.Drives)));

    /// <summary>Forecasts and their truths in the last drives, by forecast; those without any are left out.</summary>
    public IReadOnlyList<ScoredPoints> Points() => ForecastList.PointsOf(this);

    // As it will be kept: a model that was kept between two drives equals one that was not.
    internal VehicleModels Copy() => Read(Write())!;
}
