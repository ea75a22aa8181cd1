using System.Collections.Concurrent;
using Telemetry.Api.Access;
using Telemetry.Core.Live;
using Telemetry.Core.Stream;
using Telemetry.Core.Time;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Stream;

/// <summary>Each vehicle's newest picture, for whoever asks instead of listening. Thread-safe.</summary>
sealed class LatestPictures(VehicleRegistry vehicles, LiveGraphs graphs, Pacing pacing)
{
    readonly ConcurrentDictionary<Vehicle, VehiclePicture> _pictures = new();
    volatile VehiclePicture? _lastHeard;

    public void Set(VehiclePicture picture)
    {
        _pictures[picture.Vehicle] = picture;
        // In most messages it is the same vehicle's, or a later arrival: then the clock need not be asked.
        if (_lastHeard is not { } last || last.Vehicle == picture.Vehicle || picture.HeardAt >= last.HeardAt || Recency(picture).CompareTo(Recency(last)) > 0) _lastHeard = picture;
    }

    /// <summary>A vehicle's picture; an unheard one where nothing is known of it.</summary>
    public VehiclePicture Of(Vehicle vehicle) => _pictures.GetValueOrDefault(vehicle) ?? VehiclePicture.Unheard(vehicle, graphs.StartedAt, pacing.Presence.OfflineAfterOf(vehicle));

    /// <summary>The picture of the vehicle heard most recently; of the first one where none has been.</summary>
    /// <param name="viewer">Whose vehicles count.</param>
    /// <returns>Null where none of these is known.</returns>
    public VehiclePicture? LastHeard(Viewer viewer) => viewer.VehicleIds is not null
        ? viewer.Known(vehicles).Select(Of).MaxBy(Recency)
        : Of(_lastHeard?.Vehicle.Current ?? vehicles.Default);

    // Arrivals in this process are the latest, by a clock that is never set; then what is dated; a time to come says nothing.
    static (TimeSpan, DateTime) Recency(VehiclePicture picture)
    {
        var isDated = picture.IsHeard && picture.Timestamp <= ReadingTime.LatestOf(DateTime.UtcNow);
        return (picture.HeardAt ?? TimeSpan.MinValue, isDated ? picture.Timestamp : default);
    }

    /// <summary>The vehicle is none any more.</summary>
    public void Forget(Vehicle vehicle) => _pictures.TryRemove(vehicle, out _);
}
