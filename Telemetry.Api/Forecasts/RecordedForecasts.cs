using Telemetry.Api.Drives;
using Telemetry.Api.Store;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Forecasts at instants of a recording, as they would have been then: the earlier drives are learned again. One caller at a time.</summary>
sealed class RecordedForecasts(Vehicle vehicle, PastModels past, RecordedDrives recorded, DriveFinder finder, DrivesSettings drives)
{
    static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    IReadOnlyList<DriveSpan>? _drives;
    RecordedSignals? _signals;
    DriveSpan? _drive;
    DriveForecaster? _forecaster;
    DriveSampler? _sampler;
    DateTime _position;

    /// <summary>Null if the vehicle was not driving. Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
    public async Task<IReadOnlyList<Forecast>?> AtAsync(DateTime time, CancellationToken cancelled)
    {
        _drives ??= await finder.SpansAsync(vehicle, DateTime.UnixEpoch, DateTime.UtcNow, cancelled);
        _signals ??= await recorded.InputsAsync(vehicle, cancelled);
        var index = LastBefore(time);
        if (index < 0 || time >= _drives[index].End + drives.Pause) return null;
        if (_drive != _drives[index] || time < _position) await OpenAsync(index, cancelled);
        await recorded.FeedAsync(vehicle, _signals, _drive!.Start, _position, time, _sampler!, cancelled);
        _position = time;
        return _forecaster!.Forecasts(areStale: time - _drive.End >= StaleAfter);
    }

    int LastBefore(DateTime time)
    {
        var index = _drives!.Count - 1;
        while (index >= 0 && _drives[index].Start > time) index--;
        return index;
    }

    async Task OpenAsync(int index, CancellationToken cancelled)
    {
        var drive = _drives![index];
        var models = await past.BeforeAsync(vehicle, _signals!, _drives, index, cancelled);
        _forecaster = new DriveForecaster(models);
        _sampler = new DriveSampler(_forecaster.Add);
        (_drive, _position) = (drive, drive.Start.AddMicroseconds(-1));
    }
}
