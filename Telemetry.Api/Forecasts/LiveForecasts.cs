using System.Collections.Concurrent;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Drives;
using Telemetry.Api.Store;
using Telemetry.Api.Stream;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Live forecasts of vehicles with subscribed clients or recent requests, at most one a second per vehicle. Thread-safe.</summary>
/// <remarks>The other vehicles cost two dictionary lookups per message. The current drive is read from the store once and continued with live updates.</remarks>
sealed partial class LiveForecasts(
    ForecastStore store, RecordedDrives recorded, DriveFinder finder, DrivesSettings drives, ForecastFrames frames, LatestSnapshots latest, TimeProvider clock, ILogger<LiveForecasts> log) : IDisposable
{
    // Drives are read from the store on a thread of their own.
    const int MaxOpening = 2;

    /// <summary>Vehicles that are followed at once. Each takes some tens of KiB.</summary>
    const int MaxSessions = 1000;

    static readonly TimeSpan KeptAfterRequest = TimeSpan.FromMinutes(2);
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestDrive = TimeSpan.FromDays(1);

    readonly ConcurrentDictionary<Vehicle, Follower> _followers = new();
    readonly SemaphoreSlim _openings = new(MaxOpening);

    /// <summary>True for the id of a vehicle whose forecasts are computed during every drive, even without a client.</summary>
    public Func<int, bool> IsWatched { private get; set; } = static _ => false;

    /// <summary>Raised with the forecasts of such a vehicle, once a second. Called by the live graphs.</summary>
    public event Action<Vehicle, ForecastValues>? Computed;

    public void Dispose() => _openings.Dispose();

    /// <summary>Called by the live graphs.</summary>
    public void Observe(VehicleSnapshot snapshot)
    {
        var id = snapshot.Vehicle.Id;
        if (!_followers.TryGetValue(snapshot.Vehicle, out var follower))
        {
            if (snapshot.State == VehicleState.Running && (frames.AreWanted(id) || IsWatched(id))) Follow(snapshot.Vehicle);
            return;
        }

        if (snapshot.State != VehicleState.Running) frames.Remove(id);
        var (isWanted, isWatched) = (frames.AreWanted(id), IsWatched(id));
        var isFailed = follower.Opened.IsFaulted && clock.GetElapsedTime(follower.OpenedAt) >= RetryAfter;
        if (isFailed) Log.NotOpened(log, DbErrorText.Summarize(follower.Opened.Exception!.GetBaseException()));
        if (isFailed || (!isWanted && !isWatched && clock.GetElapsedTime(follower.AskedAt) >= KeptAfterRequest)) Drop(snapshot.Vehicle, follower);
        else if (follower.Opened.IsCompletedSuccessfully && snapshot.State == VehicleState.Running) Observe(snapshot, follower, isWanted, isWatched);
    }

    void Observe(VehicleSnapshot snapshot, Follower follower, bool isWanted, bool isWatched)
    {
        var session = follower.Opened.Result;
        if (session.IsOver(snapshot.Timestamp))
        {
            Drop(snapshot.Vehicle, follower);
            return;
        }

        if (!session.Observe(snapshot, follower.InputsOf(snapshot))) return;
        if (isWatched) Computed?.Invoke(snapshot.Vehicle, session.Values);
        if (isWanted && session.Now(areStale: false).Forecasts is var forecasts && forecasts.Any(forecast => forecast.State != ForecastState.NotApplicable))
            frames.Publish(snapshot.Vehicle.Id, ForecastMessage.Serialize(snapshot.Vehicle.Id, forecasts, snapshot.Timestamp));
    }

    /// <summary>The time is that of the newest reading. Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
    public async Task<(IReadOnlyList<Forecast> Forecasts, DateTime? At)> NowAsync(Vehicle vehicle, CancellationToken cancelled)
    {
        var follower = Follow(vehicle) ?? throw new TimeoutException($"forecasts of {MaxSessions} vehicles are already followed");
        follower.AskedAt = clock.GetTimestamp();
        try
        {
            var session = await follower.Opened.WaitAsync(cancelled);
            var now = clock.GetUtcNow().UtcDateTime;
            if (!session.IsOver(now)) return session.Now(areStale: !(now - session.Newest < StaleAfter));
        }
        catch when (follower.Opened.IsFaulted)
        {
            Drop(vehicle, follower);
            throw;
        }

        // The drive has ended since.
        Drop(vehicle, follower);
        return (await OpenAsync(vehicle)).Now(areStale: true);
    }

    /// <summary>Drops a session: the next request opens it with the changed models.</summary>
    public void Reopen(Vehicle vehicle)
    {
        if (_followers.TryGetValue(vehicle, out var follower)) Drop(vehicle, follower);
    }

    Follower? Follow(Vehicle vehicle)
    {
        if (_followers.TryGetValue(vehicle, out var known)) return known;
        if (_followers.Count >= MaxSessions) DropUnasked();
        if (_followers.Count >= MaxSessions) return null;
        return _followers.GetOrAdd(vehicle, _ => new Follower(new Lazy<Task<ForecastSession>>(() => Task.Run(() => OpenAsync(vehicle))), clock.GetTimestamp()));
    }

    void DropUnasked()
    {
        foreach (var (vehicle, follower) in _followers)
            if (!frames.AreWanted(vehicle.Id) && !IsWatched(vehicle.Id) && clock.GetElapsedTime(follower.AskedAt) >= KeptAfterRequest) Drop(vehicle, follower);
    }

    void Drop(Vehicle vehicle, Follower follower) => _followers.TryRemove(KeyValuePair.Create(vehicle, follower));

    async Task<ForecastSession> OpenAsync(Vehicle vehicle)
    {
        await _openings.WaitAsync();
        try
        {
            return await ReadAsync(vehicle);
        }
        finally
        {
            _openings.Release();
        }
    }

    async Task<ForecastSession> ReadAsync(Vehicle vehicle)
    {
        var (learned, _) = await store.LoadAsync(vehicle, CancellationToken.None);
        var now = clock.GetUtcNow().UtcDateTime;
        var spans = await finder.SpansAsync(vehicle, now - LongestDrive, now, CancellationToken.None);
        if (spans.Count == 0 || now - spans[^1].End >= drives.Pause) return Parked(vehicle, learned.Models, now);
        var drive = spans[^1];
        var session = new ForecastSession(learned.Models, drive.Start, drives.Pause) { Newest = drive.End };
        await recorded.FeedAsync(vehicle, await recorded.InputsAsync(vehicle, CancellationToken.None), drive.Start, drive.Start.AddMicroseconds(-1), drive.End, session.Sampler, CancellationToken.None);
        return session;
    }

    // A parked car has a range too, by its last level.
    ForecastSession Parked(Vehicle vehicle, VehicleModels models, DateTime now)
    {
        var session = new ForecastSession(models, now, drives.Pause);
        var row = new DriveRow();
        var known = Known(latest.Of(vehicle)).ToDictionary(reading => reading.Signal);
        foreach (var (signal, input) in RecordedDrives.Inputs(known.Keys))
            if (input is (ForecastInput.Charge or ForecastInput.Fuel or ForecastInput.Ambient) && ForecastInputs.Accepts(input, known[signal].Value)) row.Set(input, known[signal].Value, 0);

        row.Set(ForecastInput.Speed, 0, 0);
        session.Park(row);
        return session;
    }

    static IEnumerable<Reading> Known(VehicleSnapshot snapshot) => snapshot.Readings.ToArray().Where(reading => reading.IsKnown);

    sealed class Follower(Lazy<Task<ForecastSession>> opening, long openedAt)
    {
        Dictionary<Signal, ForecastInput>? _inputs;
        int _signals;
        long _askedAt = openedAt;

        public Task<ForecastSession> Opened => opening.Value;

        public long OpenedAt { get; } = openedAt;

        public long AskedAt
        {
            get => Volatile.Read(ref _askedAt);
            set => Volatile.Write(ref _askedAt, value);
        }

        // Called by one partition. A vehicle's known signals only become more.
        public Dictionary<Signal, ForecastInput> InputsOf(VehicleSnapshot snapshot)
        {
            var count = 0;
            foreach (var reading in snapshot.Readings)
                if (reading.IsKnown) count++;
            if (_inputs is not null && _signals == count) return _inputs;
            _signals = count;
            return _inputs = RecordedDrives.Inputs(Known(snapshot).Select(reading => reading.Signal));
        }
    }

    static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "Forecasts of a vehicle cannot be read from the store: {Problem}")]
        public static partial void NotOpened(ILogger log, string problem);
    }
}
