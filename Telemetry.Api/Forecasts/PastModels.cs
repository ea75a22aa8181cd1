using Telemetry.Api.Drives;
using Telemetry.Api.Store;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Forecasts;

/// <summary>Models of vehicles as they were before a past drive, learned again from the drives before it, one drive at a time on the whole server. Those of some vehicles (some MiB) are kept for the next viewer. Thread-safe.</summary>
sealed class PastModels(ForecastStore store, RecordedDrives recorded) : IDisposable
{
    const int MaxVehicles = 16;
    const int MaxStates = 64;

    readonly SemaphoreSlim _turn = new(1);
    readonly Lock _gate = new();
    readonly LinkedList<(Vehicle Vehicle, SortedList<int, PastState> States)> _vehicles = []; // The last used first.

    /// <summary>The models before a drive, of all drives in order of time; the number of drives as <paramref name="index"/>: after all. A cancelled call keeps what it has learned. Throws <see cref="System.Data.Common.DbException"/> while the database is unavailable, <see cref="TimeoutException"/> while too many reads are in progress.</summary>
    public async Task<VehicleModels> BeforeAsync(Vehicle vehicle, RecordedSignals signals, IReadOnlyList<DriveSpan> drives, int index, CancellationToken cancelled)
    {
        if (index == 0) return new VehicleModels();
        var readings = new long[index + 1]; // Up to each drive.
        for (var i = 0; i < index; i++) readings[i + 1] = readings[i] + drives[i].Readings;
        if (Find(index) is { } known) return known;
        var (stored, _) = await store.LoadAsync(vehicle, cancelled);
        if (HasLearned(stored, drives, readings)) Keep(vehicle, stored);

        await _turn.WaitAsync(cancelled);
        try
        {
            var count = index;
            while (count > 0 && Find(count) is null) count--;
            var models = Find(count) ?? new VehicleModels();
            for (; count < index; count++)
            {
                models = await LearnAsync(vehicle, signals, drives[count], models, cancelled);
                Keep(vehicle, count + 1, new PastState(readings[count + 1], drives[count].End, models.Write()));
            }

            return models;
        }
        finally
        {
            _turn.Release();
        }

        // With the same drives: an import may have changed them since.
        VehicleModels? Find(int count) => count > 0 && StateOf(vehicle, count) is { } state && state.Until == drives[count - 1].End && state.Readings == readings[count]
            ? VehicleModels.Read(state.State)
            : null;
    }

    /// <summary>Keeps what was learned just now: the next viewer of the drives after it need not learn it again.</summary>
    public void Keep(Vehicle vehicle, LearnedVehicle learned) => Keep(vehicle, learned.Drives, new PastState(learned.Readings, learned.Until, learned.Models.Write()));

    public void Dispose() => _turn.Dispose();

    // True if the stored models have learned the first of these drives, and nothing else.
    static bool HasLearned(LearnedVehicle stored, IReadOnlyList<DriveSpan> drives, long[] readings) =>
        stored.Drives > 0 && stored.Drives < readings.Length && drives[stored.Drives - 1].End == stored.Until && stored.Readings == readings[stored.Drives];

    async Task<VehicleModels> LearnAsync(Vehicle vehicle, RecordedSignals signals, DriveSpan drive, VehicleModels models, CancellationToken cancelled)
    {
        var forecaster = new DriveForecaster(models);
        await recorded.FeedAsync(vehicle, signals, drive.Start, drive.Start.AddMicroseconds(-1), drive.End, new DriveSampler(forecaster.Add), cancelled);
        return forecaster.Learn();
    }

    PastState? StateOf(Vehicle vehicle, int count)
    {
        lock (_gate) return StatesOf(vehicle).GetValueOrDefault(count);
    }

    void Keep(Vehicle vehicle, int count, PastState state)
    {
        lock (_gate)
        {
            var states = StatesOf(vehicle);
            states[count] = state;
            if (states.Count <= MaxStates) return;

            // Remove every other one: between two that stay, the drives are learned again.
            for (var i = states.Count - 2; i >= 0; i -= 2) states.RemoveAt(i);
        }
    }

    SortedList<int, PastState> StatesOf(Vehicle vehicle)
    {
        var node = _vehicles.First;
        while (node is not null && node.Value.Vehicle != vehicle) node = node.Next;
        if (node is null) node = new LinkedListNode<(Vehicle, SortedList<int, PastState>)>((vehicle, []));
        else _vehicles.Remove(node);
        _vehicles.AddFirst(node);
        if (_vehicles.Count > MaxVehicles) _vehicles.RemoveLast();
        return node.Value.States;
    }

    /// <summary>Models after a vehicle's first drives. <c>Until</c> is the end of the last of them, UTC.</summary>
    sealed record PastState(long Readings, DateTime Until, byte[] State);
}
