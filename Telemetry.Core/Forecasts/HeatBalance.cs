namespace Telemetry.Core.Forecasts;

/// <summary>Heat balance of an engine's coolant in seven numbers: how fast its temperature changes.</summary>
/// <remarks>Heat from the fuel and from rotation, losses to the air standing and driving, and what the thermostat lets through.</remarks>
sealed class HeatBalance
{
    /// <summary>Number of coefficients.</summary>
    public const int Size = 7;

    // Below it the thermostat is closed.
    const double ThermostatDegrees = 82;

    // Weight of the prior in windows of the regression.
    const double PriorWeight = 3;

    readonly RidgeSums _sums = new(Size);
    double[]? _weights;

    /// <summary>Sums of the windows.</summary>
    public RidgeSums Sums => _sums;

    /// <summary>True if the conditions are known.</summary>
    public static bool IsKnown(DriveRow row, DriveState drive) =>
        !double.IsNaN(drive.Air) && !double.IsNaN(drive.Flow) && !double.IsNaN(row[ForecastInput.Rpm]) && !double.IsNaN(row[ForecastInput.Speed]);

    /// <summary>Inputs of the regression at a temperature and under the conditions of a row.</summary>
    public static void Describe(double coolant, DriveRow row, DriveState drive, Span<double> inputs)
    {
        var excess = (coolant - drive.Air) / 50;
        var flow = drive.Flow / 20;
        inputs[0] = 1;
        inputs[1] = flow;
        inputs[2] = row[ForecastInput.Rpm] / 2000;
        inputs[3] = Boost(row);
        inputs[4] = excess;
        inputs[5] = excess * row[ForecastInput.Speed] / 50;
        inputs[6] = Math.Max(coolant - ThermostatDegrees, 0) / 10 * flow;
    }

    // A turbo diesel's air flow says little of its fuel: its boost does. An engine without turbo has none.
    static double Boost(DriveRow row)
    {
        var pressure = row[ForecastInput.Manifold];
        return double.IsNaN(pressure) ? 0 : Math.Max(pressure - 100, 0) * row[ForecastInput.Rpm] / 100_000;
    }

    /// <summary>Change of the temperature, °C a minute.</summary>
    public double Rate(ReadOnlySpan<double> inputs)
    {
        _weights ??= Solve();
        var sum = 0.0;
        for (var i = 0; i < Size; i++) sum += _weights[i] * inputs[i];
        return sum;
    }

    double[] Solve()
    {
        Span<double> penalties = stackalloc double[Size];
        penalties.Fill(PriorWeight);
        return _sums.Solve(penalties, ForecastPriors.Heat);
    }
}
