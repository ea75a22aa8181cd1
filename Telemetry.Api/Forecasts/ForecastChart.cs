using System.ComponentModel.DataAnnotations;
using Telemetry.Api.Http;
using Telemetry.Api.Store;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Expected values over a range of time, in columns as <c>GET /telemetry/history</c> has them. Null where there was none.</summary>
/// <param name="BucketSeconds">Length of a bucket.</param>
/// <param name="Time">Beginning of each bucket, in seconds since 1970.</param>
/// <param name="Forecasts">By name; without the ones that have no value in the range.</param>
sealed record ForecastChart(
    int VehicleId,
    [property: DataType(DataType.DateTime)] string From,
    [property: DataType(DataType.DateTime)] string To,
    double BucketSeconds,
    IReadOnlyList<double> Time,
    IReadOnlyDictionary<string, ForecastColumns> Forecasts);

/// <summary>Values of a forecast, one a bucket.</summary>
/// <param name="Value">Expected value; null where there was none.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
sealed record ForecastColumns(double?[] Value, double?[] Low, double?[] High);

/// <summary>Draws expected values over stored readings, from what was known at each moment. Thread-safe.</summary>
sealed class ForecastCharts(ForecastReplays replays, RecordedDrives recorded, RecordingQueries queries, StoreDialect dialect) : IDisposable
{
    // Forecasts that a chart of readings can show behind it.
    static readonly string[] Charted = ["coolant_expected", "charge_voltage"];

    readonly ReadLimit _turns = new(dialect);

    /// <exception cref="System.Data.Common.DbException">The database is unavailable; a <see cref="TimeoutException"/> while too many reads are in progress.</exception>
    public async Task<ForecastChart> ReadAsync(Vehicle vehicle, Buckets buckets, CancellationToken cancelled)
    {
        var columns = Charted.ToDictionary(name => name, _ => new ForecastColumns(new double?[buckets.Count], new double?[buckets.Count], new double?[buckets.Count]));
        using var turn = await _turns.AcquireAsync(cancelled);
        var replay = await replays.OpenAsync(vehicle, buckets.From, cancelled);
        var messages = queries.Merged(vehicle, await recorded.InputsAsync(vehicle, cancelled), buckets.From.AddMicroseconds(-1), buckets.To, cancelled);
        await messages.ReadAllAsync(message =>
        {
            if (replay.Take(message)) Put(columns, (int)((message[0].At - buckets.From) / buckets.Bucket), replay.Forecasts);
        });

        var known = columns.Where(column => Array.Exists(column.Value.Value, value => value is not null)).ToDictionary(column => column.Key, column => column.Value);
        var time = new double[buckets.Count];
        for (var i = 0; i < time.Length; i++) time[i] = (buckets.From + buckets.Bucket * i - DateTime.UnixEpoch).TotalSeconds;
        return new ForecastChart(vehicle.Id, Timestamps.Text(buckets.From), Timestamps.Text(buckets.To), buckets.Bucket.TotalSeconds, time, known);
    }

    public void Dispose() => _turns.Dispose();

    // The last forecast of a bucket.
    static void Put(Dictionary<string, ForecastColumns> columns, int bucket, IReadOnlyList<Forecast> forecasts)
    {
        foreach (var forecast in forecasts)
        {
            if (!columns.TryGetValue(forecast.Name, out var column) || bucket >= column.Value.Length) continue;
            (column.Value[bucket], column.Low[bucket], column.High[bucket]) = (ForecastView.Rounded(forecast.Value), ForecastView.Rounded(forecast.Low), ForecastView.Rounded(forecast.High));
        }
    }
}
