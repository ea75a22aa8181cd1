using Telemetry.Api.Forecasts;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Playback;

/// <summary>Messages of a recording's forecasts, at most one per second of the viewer. They are computed in parallel: the playback does not wait for them.</summary>
sealed class ShownForecasts(Vehicle vehicle, RecordedForecasts recorded, CancellationToken leaving)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    Task<IReadOnlyList<Forecast>?>? _computing;
    DateTime _at;
    TimeSpan _startedAt = -Interval;

    /// <summary>The next message; null if there is none yet. <paramref name="now"/> is time of the recording, UTC.</summary>
    public async ValueTask<byte[]?> TakeAsync(DateTime now, TimeSpan viewerNow)
    {
        byte[]? message = null;
        if (_computing is { IsCompleted: true } computed)
        {
            _computing = null;
            var at = _at;
            if (await computed is { } forecasts && forecasts.Any(forecast => forecast.State != ForecastState.NotApplicable)) message = ForecastMessage.Serialize(vehicle.Id, forecasts, at);
        }

        if (_computing is null && viewerNow - _startedAt >= Interval)
        {
            (_at, _startedAt) = (now, viewerNow);
            _computing = Task.Run(() => recorded.AtAsync(now, leaving), leaving);
        }

        return message;
    }
}
