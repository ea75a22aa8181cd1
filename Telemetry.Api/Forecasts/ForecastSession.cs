using Telemetry.Core.Forecasts;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Forecasts;

/// <summary>Forecasts of a vehicle's present drive, for as long as somebody asks for them. Thread-safe.</summary>
sealed class ForecastSession
{
    readonly Lock _gate = new();
    readonly Dictionary<Signal, DateTime> _taken = [];
    readonly DriveForecaster _forecaster;
    readonly DateTime _start;
    readonly TimeSpan _pause;
    bool _hasRow;

    /// <param name="models">What has been learned of the vehicle.</param>
    /// <param name="start">Timestamp of the drive's first reading, UTC.</param>
    /// <param name="pause">Silence that ends a drive.</param>
    public ForecastSession(VehicleModels models, DateTime start, TimeSpan pause)
    {
        _forecaster = new DriveForecaster(models);
        (_start, _pause) = (start, pause);
        Sampler = new DriveSampler(row =>
        {
            _forecaster.Add(row);
            _hasRow = true;
        });
    }

    /// <summary>Takes the stored part of the drive, before the session is used.</summary>
    public DriveSampler Sampler { get; }

    /// <summary>Timestamp of the newest reading, UTC; null before the first.</summary>
    public DateTime? Newest { get; set; }

    /// <summary>Takes what is known of a parked vehicle.</summary>
    public void Park(DriveRow row) => _forecaster.Add(row);

    /// <summary>Forecasts of now, and the time of the newest reading.</summary>
    /// <param name="areStale">True if the vehicle is silent.</param>
    public (IReadOnlyList<Forecast> Forecasts, DateTime? At) Now(bool areStale)
    {
        lock (_gate) return (_forecaster.Forecasts(areStale), Newest);
    }

    /// <summary>Takes a live snapshot.</summary>
    /// <returns>Forecasts if a second has passed since the last ones; null otherwise.</returns>
    public ForecastValues? Observe(VehicleSnapshot snapshot, Dictionary<Signal, ForecastInput> inputs)
    {
        lock (_gate)
        {
            _hasRow = false;
            var news = new List<(double Seconds, ForecastInput Input, double Value)>();
            for (var i = 0; i < snapshot.Readings.Length; i++)
            {
                var reading = snapshot.Readings[i];
                if (snapshot.HeardAtOf(i) is null || !inputs.TryGetValue(reading.Signal, out var input) || _taken.GetValueOrDefault(reading.Signal) >= reading.At) continue;
                _taken[reading.Signal] = reading.At;
                if (reading.At >= _start) news.Add(((reading.At - _start).TotalSeconds, input, reading.Value));
                if (Newest is null || reading.At > Newest) Newest = reading.At;
            }

            foreach (var (seconds, input, value) in news.OrderBy(reading => reading.Seconds)) Sampler.Add(seconds, input, value);
            return _hasRow ? _forecaster.Values : null;
        }
    }

    /// <summary>True if a reading of now begins another drive.</summary>
    public bool IsOver(DateTime now) => Newest is { } newest && now - newest >= _pause;
}
