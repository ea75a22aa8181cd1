using Telemetry.Core.Forecasts;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;

namespace Telemetry.Api.Forecasts;

/// <summary>Forecasts of a vehicle's current drive, as long as they are requested. Thread-safe.</summary>
sealed class ForecastSession
{
    readonly Lock _gate = new();
    readonly Dictionary<Signal, DateTime> _taken = [];
    readonly DriveForecaster _forecaster;
    readonly DateTime _start;
    readonly TimeSpan _pause;
    bool _hasRow;

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

    /// <summary>Gets the stored part of the drive before the session is used.</summary>
    public DriveSampler Sampler { get; }

    public DateTime? Newest { get; set; }

    public void Park(DriveRow row) => _forecaster.Add(row);

    /// <summary>The time is that of the newest reading. <paramref name="areStale"/>: the vehicle is silent.</summary>
    public (IReadOnlyList<Forecast> Forecasts, DateTime? At) Now(bool areStale)
    {
        lock (_gate) return (_forecaster.Forecasts(areStale), Newest);
    }

    public ForecastValues Values
    {
        get
        {
            lock (_gate) return _forecaster.Values;
        }
    }

    /// <summary>False if less than a second has passed since the last forecasts.</summary>
    public bool Observe(VehicleSnapshot snapshot, Dictionary<Signal, ForecastInput> inputs)
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
            return _hasRow;
        }
    }

    /// <summary>True if a reading now begins another drive.</summary>
    public bool IsOver(DateTime now) => Newest is { } newest && now - newest >= _pause;
}
