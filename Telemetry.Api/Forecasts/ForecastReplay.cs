using Telemetry.Api.Drives;
using Telemetry.Core.Alerts;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Playback;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Opens <see cref="ForecastReplay"/>s. Thread-safe.</summary>
sealed class ForecastReplays(PastModels past, RecordedDrives recorded, DriveFinder finder)
{
    /// <summary>Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
    public async Task<ForecastReplay> OpenAsync(Vehicle vehicle, DateTime from, CancellationToken cancelled)
    {
        var drives = await finder.SpansAsync(vehicle, DateTime.UnixEpoch, DateTime.UtcNow, cancelled);
        var signals = await recorded.InputsAsync(vehicle, cancelled);
        var index = 0;
        while (index < drives.Count && drives[index].End < from) index++;
        var replay = new ForecastReplay(drives, index, await past.BeforeAsync(vehicle, signals, drives, index, cancelled), RecordedDrives.Inputs(signals.Ids.Select(id => signals[id])));
        if (index < drives.Count && drives[index].Start < from)
            await recorded.FeedAsync(vehicle, signals, drives[index].Start, drives[index].Start.AddMicroseconds(-1), from.AddMicroseconds(-1), replay.Sampler, cancelled);
        return replay;
    }
}

/// <summary>Forecasts along the messages of a recording, from what was known then: each drive is learned when it ends. One caller at a time.</summary>
sealed class ForecastReplay
{
    readonly IReadOnlyList<DriveSpan> _drives;
    readonly Dictionary<Signal, ForecastInput> _inputs;
    readonly Dictionary<Signal, (double Lowest, double Highest)> _extremes = [];
    DriveForecaster _forecaster;
    int _index;
    bool _hasRow;

    /// <param name="drives">All drives of the vehicle, in order of time.</param>
    public ForecastReplay(IReadOnlyList<DriveSpan> drives, int index, VehicleModels models, Dictionary<Signal, ForecastInput> inputs)
    {
        (_drives, _index, _inputs) = (drives, index, inputs);
        _forecaster = new DriveForecaster(models);
        Sampler = new DriveSampler(Add);
    }

    public DriveSampler Sampler { get; private set; }

    /// <summary>Feeds the forecasts that follow from a message to a replay.</summary>
    public void Feed(RecordingReplay replay, Reading[] message)
    {
        if (!Take(message)) return;
        var values = _forecaster.Values;
        replay.Feed(values);
        var readings = new ForecastReadings(replay.Vehicle, values);
        foreach (var signal in ForecastSignals.All)
        {
            if (readings.ValueOf(signal) is not { } value) continue;
            _extremes[signal] = _extremes.TryGetValue(signal, out var known) ? (Math.Min(known.Lowest, value), Math.Max(known.Highest, value)) : (value, value);
        }
    }

    /// <summary>Lowest and highest value so far of one of <see cref="ForecastSignals"/>; null if it had none.</summary>
    public (double Lowest, double Highest)? ExtremesOf(Signal signal) => _extremes.TryGetValue(signal, out var extremes) ? extremes : null;

    /// <summary>Forecasts of now.</summary>
    public IReadOnlyList<Forecast> Forecasts => _forecaster.Forecasts();

    /// <returns>True if a second has passed: there are new forecasts.</returns>
    public bool Take(Reading[] message)
    {
        var at = message[0].At;
        for (; _index < _drives.Count && at > _drives[_index].End; _index++)
        {
            _forecaster = new DriveForecaster(_forecaster.Learn());
            Sampler = new DriveSampler(Add);
        }

        if (_index == _drives.Count || at < _drives[_index].Start) return false;
        _hasRow = false;
        foreach (var reading in message)
            if (_inputs.TryGetValue(reading.Signal, out var input)) Sampler.Add((reading.At - _drives[_index].Start).TotalSeconds, input, reading.Value);
        return _hasRow;
    }

    void Add(DriveRow row)
    {
        _forecaster.Add(row);
        _hasRow = true;
    }
}

static class ReplayWithForecasts
{
    /// <summary>Feeds a message, and the forecasts that follow from it; without <paramref name="forecasts"/>, the message alone.</summary>
    public static void Feed(this RecordingReplay replay, Reading[] message, ForecastReplay? forecasts)
    {
        replay.Feed(message);
        forecasts?.Feed(replay, message);
    }
}
