using System.Data.Common;
using System.Diagnostics;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Makes readings durable whatever the store does: in it, or in the spool until it is back, always in order.</summary>
/// <remarks>
/// Direct: batches go to the store. One that fails, or takes longer than the sender's patience, goes to the spool, and from then on
/// all do, while <see cref="Move"/> carries them over from the front; when it finds the spool empty, direct it is again. A batch may
/// so reach the store twice, which changes nothing there.
/// </remarks>
sealed partial class StoreAndForward(
    ReadingStore store, Spool spool, VehicleRegistry vehicles, SignalCatalog signals, Intake intake, HistoryStatus status, ILogger<StoreAndForward> log) : IDisposable
{
    /// <summary>How long the write of a batch may take before its senders are served by the spool: their broker keeps but few messages for us.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long nothing is written before the store is asked whether it is there.</summary>
    static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    // A store that is merely slow takes the spool's readings first.
    static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(5);

    // Last values of a start without the store are looked for in so many of the newest batches.
    const int RecentBatches = 200;

    readonly SemaphoreSlim _turn = new(1);
    readonly SemaphoreSlim _work = new(1, 1); // Released: there is something to move; at first, the store to open.
    readonly Backoff _backoff = new();
    Task _straggler = Task.CompletedTask;
    volatile bool _direct;
    readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _writtenAt;
    long _storeBatches;
    long _spoolBatches;
    int _remembered;

    /// <summary>Batches that the store took.</summary>
    public long StoreBatches => Interlocked.Read(ref _storeBatches);

    /// <summary>Batches that the spool took.</summary>
    public long SpoolBatches => Interlocked.Read(ref _spoolBatches);

    /// <summary>Done when the store has been opened.</summary>
    public Task Opened => _open.Task;

    /// <summary>Done when the store has been opened, or could not be the first time.</summary>
    public Task Tried => _tried.Task;

    /// <summary>What this machine knows by itself: vehicles' numbers and the newest readings that have not reached the store.</summary>
    public void Recall()
    {
        foreach (var (id, key) in spool.Vehicles()) intake.Restore(vehicles.Restore(id, key), []);
        foreach (var (device, id) in spool.Assignments()) vehicles.Assign(device, id is { } known ? vehicles.Find(known) : null);
        var last = new Dictionary<(Vehicle, Signal), Reading>();
        foreach (var entry in spool.Newest(RecentBatches).SelectMany(content => BatchFormat.Read(content, vehicles, signals)))
            foreach (var reading in entry.Readings) last[(entry.Vehicle!, reading.Signal)] = reading;
        foreach (var vehicle in last.GroupBy(pair => pair.Key.Item1, pair => pair.Value)) intake.Restore(vehicle.Key, [.. vehicle]);
    }

    /// <summary>Makes a batch durable.</summary>
    /// <param name="entries">Each of a vehicle.</param>
    /// <param name="stopping">Gives up waiting for a disk that cannot be written.</param>
    /// <exception cref="OperationCanceledException">It is not durable.</exception>
    public async Task Keep(IReadOnlyList<HistoryEntry> entries, CancellationToken stopping)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_direct && await Directly(entries))
            {
                Interlocked.Increment(ref _storeBatches);
                return;
            }

            while (!TrySpool(entries)) await Task.Delay(TimeSpan.FromSeconds(1), stopping);
            Interlocked.Increment(ref _spoolBatches);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Changes what the store holds, between two writes. While it takes long, readings go to the spool.</summary>
    /// <returns>False where the store is away, and not back within a few seconds: nothing has changed.</returns>
    public async Task<bool> TryChange(Func<Task> change)
    {
        for (var began = Stopwatch.GetTimestamp(); !_direct; await Task.Delay(Patience))
            if (Stopwatch.GetElapsedTime(began) > ChangePatience) return false;

        Task<bool> work;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!_direct) return false;
            work = Try(async () =>
            {
                await change();
                RememberVehicles();
            });
            if (await Task.WhenAny(work, Task.Delay(Patience)) != work || !await work) Wait(work);
        }
        finally
        {
            _turn.Release();
        }

        return await work;
    }

    /// <summary>Opens the store, and carries over what the spool holds, until the stop.</summary>
    public async Task Move(CancellationToken stopping)
    {
        while (true)
        {
            if (!await _work.WaitAsync(QuietTime, stopping) && await IsThere(stopping)) continue;
            await _straggler;
            for (var isDone = false; !isDone;)
            {
                var went = await Try(async () => isDone = await Step(stopping));
                if (isDone || !went) _tried.TrySetResult();
                if (went) _backoff.Reset();
                else await Task.Delay(_backoff.Next(), stopping);
            }
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _work.Dispose();
    }

    async Task<bool> IsThere(CancellationToken stopping)
    {
        if (Stopwatch.GetElapsedTime(Interlocked.Read(ref _writtenAt)) < QuietTime || await Try(store.Probe)) return true;
        await _turn.WaitAsync(stopping);
        _direct = false;
        _work.Wait(0, CancellationToken.None); // A write that failed meanwhile asks for the same.
        _turn.Release();
        return false;
    }

    async Task<bool> Directly(IReadOnlyList<HistoryEntry> entries)
    {
        var write = Try(() => Write(entries));
        if (await Task.WhenAny(write, Task.Delay(Patience)) == write && await write)
        {
            Interlocked.Exchange(ref _writtenAt, Stopwatch.GetTimestamp());
            return true;
        }

        Wait(write);
        return false;
    }

    // Until that has ended, and the store has all of the spool, nothing more goes to it directly.
    void Wait(Task straggler)
    {
        _straggler = straggler;
        _direct = false;
        _work.Release();
    }

    bool TrySpool(IReadOnlyList<HistoryEntry> entries)
    {
        try
        {
            spool.Append(entries);
            status.Spooling();
            return true;
        }
        catch (DbException error)
        {
            status.SpoolLost($"the spool: {OneLine(error)}");
            Log.SpoolFails(log, OneLine(error));
            return false;
        }
    }

    // One move: true where nothing is left to do and writes go to the store again.
    async Task<bool> Step(CancellationToken stopping)
    {
        if (!Opened.IsCompleted)
        {
            await Open();
            return false;
        }

        var (lastId, contents) = spool.Peek(HistoryQueue.BatchSize);
        if (contents.Count > 0)
        {
            await Write([.. contents.SelectMany(content => BatchFormat.Read(content, vehicles, signals))]);
            spool.Remove(lastId);
            return false;
        }

        await store.Probe();
        await _turn.WaitAsync(stopping);
        var isDone = spool.Peek(1).Contents.Count == 0;
        _direct = isDone;
        _turn.Release();
        if (isDone && status.Direct()) Log.Caught(log, store.Name);
        return isDone;
    }

    async Task Open()
    {
        await store.Prepare();
        foreach (var (vehicle, lastValues) in await store.Load()) intake.Restore(vehicle, lastValues);
        _open.SetResult();
        Log.Opened(log, store.Name);
    }

    async Task Write(IReadOnlyList<HistoryEntry> entries)
    {
        try
        {
            await store.Write(entries);
        }
        catch (DbException error) when (store.IsAboutContent(error))
        {
            // Only the reading that it is about shall suffer: halve until it stands alone.
            if (entries.Count > 1 || entries[0].Readings.Length > 1)
            {
                foreach (var half in Halves(entries)) await Write(half);
                return;
            }

            spool.SetAside(entries, OneLine(error));
            Log.SetAside(log, entries[0].Vehicle!.Key, entries[0].Readings[0].Signal, OneLine(error));
        }

        RememberVehicles();
    }

    void RememberVehicles()
    {
        var version = vehicles.Version;
        if (version == _remembered) return;
        spool.Remember(vehicles.Page(int.MaxValue, 0), vehicles.Assignments);
        _remembered = version;
    }

    static IReadOnlyList<HistoryEntry>[] Halves(IReadOnlyList<HistoryEntry> entries)
    {
        if (entries.Count > 1) return [[.. entries.Take(entries.Count / 2)], [.. entries.Skip(entries.Count / 2)]];
        var (one, middle) = (entries[0], entries[0].Readings.Length / 2);
        return [[one with { Readings = one.Readings[..middle] }], [one with { Readings = one.Readings[middle..] }]];
    }

    async Task<bool> Try(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is, history goes on: the readings are in the spool, and it is tried again.
            if (status.Lost(OneLine(error))) Log.Lost(log, store.Name, OneLine(error));
            return false;
        }
    }

    static string OneLine(Exception error) => error.Message.Split('\n')[0].TrimEnd('\r');

    static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information, "History is kept in {Store}")]
        public static partial void Opened(ILogger log, string store);

        [LoggerMessage(401, LogLevel.Warning, "{Store} cannot be written ({Problem}); readings go to the spool until it can. Live is not affected")]
        public static partial void Lost(ILogger log, string store, string problem);

        [LoggerMessage(402, LogLevel.Information, "{Store} has all readings of the spool")]
        public static partial void Caught(ILogger log, string store);

        [LoggerMessage(404, LogLevel.Error, "The spool cannot be written ({Problem}): readings wait in memory")]
        public static partial void SpoolFails(ILogger log, string problem);

        [LoggerMessage(405, LogLevel.Error, "A reading of {Device}, {Signal}, was set aside in the spool: {Reason}")]
        public static partial void SetAside(ILogger log, string device, object signal, string reason);
    }
}
