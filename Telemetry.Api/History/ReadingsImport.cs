using System.Reactive.Concurrency;
using System.Threading.RateLimiting;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Logs;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <param name="Problem">Null at the end of the file.</param>
sealed record ImportResult(ImportReport Report, long Line, ImportProblem? Problem);

/// <summary>Reason for ending an import early. Status 400 is an error in the file; 429 and 503 are temporary.</summary>
sealed record ImportProblem(string Text, int Status = StatusCodes.Status400BadRequest);

/// <summary>Destination of an import. <paramref name="TryKeep"/> makes a batch durable, or returns false if that is not possible now. A dry run neither stores nor registers anything.</summary>
sealed record ImportTarget(Func<IReadOnlyList<HistoryEntry>, Task<bool>> TryKeep, bool LimitsNewVehicles, bool IsDryRun);

/// <summary>Imports readings that were recorded elsewhere, which never make a vehicle running.</summary>
sealed class ReadingsImport(VehicleRegistry vehicles, SignalCatalog catalog, LiveInput intake, IScheduler clock, [FromKeyedServices(ReadingsImport.LimitKey)] RegistrationLimit limit) : IDisposable
{
    /// <summary>Each import takes processor time from the live pipeline, and its share of the store.</summary>
    public const int AtOnce = 2;

    public const string LimitKey = "import";

    readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce });
    readonly Lock _gate = new();
    readonly IStopwatch _stopwatch = clock.StartStopwatch();

    public DateTime Now => clock.Now.UtcDateTime;

    public event Action<Vehicle>? Imported;

    /// <summary>The lease ends the import's turn; not acquired while <see cref="AtOnce"/> are in progress.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

    public void Dispose() => _limiter.Dispose();

    public async Task<ImportResult> RunAsync(TextReader text, LogOptions options, ImportTarget target, CancellationToken cancelled)
    {
        var rows = new ImportedRows(vehicles, catalog, options, target, MayBe);
        ImportProblem? problem = null;
        var imported = new HashSet<Vehicle>();
        await foreach (var line in ImportLines.ReadAsync(text, cancelled))
        {
            problem = rows.Take(line);
            if (problem is null && rows.Waiting >= HistoryQueue.BatchSize) problem = await KeepAsync(rows, target, imported);
            if (problem is not null) break;
        }

        problem ??= rows.End();
        if (problem?.Status != StatusCodes.Status503ServiceUnavailable) problem = await KeepAsync(rows, target, imported) ?? problem;
        foreach (var vehicle in imported) Imported?.Invoke(vehicle);
        return new ImportResult(rows.Report(), rows.Line, problem);
    }

    /// <summary>Imports readings of known signals at once. False if <paramref name="tryKeep"/> returns false.</summary>
    public async Task<bool> RunAsync(IReadOnlyList<HistoryEntry> entries, Func<IReadOnlyList<HistoryEntry>, Task<bool>> tryKeep)
    {
        var imported = new HashSet<Vehicle>();
        if (!await TryKeepAsync(entries, tryKeep, imported)) return false;
        foreach (var vehicle in imported) Imported?.Invoke(vehicle);
        return true;
    }

    bool MayBe(string device)
    {
        if (vehicles.KnownByKey(device) is not null) return true;
        lock (_gate) return limit.TryTake(DateTime.UnixEpoch + _stopwatch.Elapsed);
    }

    async Task<ImportProblem?> KeepAsync(ImportedRows rows, ImportTarget target, HashSet<Vehicle> imported)
    {
        if (rows.Batch.Count > 0 && !await TryKeepAsync([.. rows.Batch], target.TryKeep, imported))
            return new ImportProblem("The store is unavailable, and the remaining room in the spool is reserved for live readings.", StatusCodes.Status503ServiceUnavailable);
        rows.Stored();
        return null;
    }

    async Task<bool> TryKeepAsync(IReadOnlyList<HistoryEntry> entries, Func<IReadOnlyList<HistoryEntry>, Task<bool>> tryKeep, HashSet<Vehicle> imported)
    {
        if (!await tryKeep(entries)) return false;
        foreach (var vehicle in entries.GroupBy(entry => entry.Vehicle!))
        {
            var last = vehicle.SelectMany(entry => entry.Readings).GroupBy(reading => reading.Signal).Select(signal => signal.MaxBy(reading => reading.At));
            intake.Import(vehicle.Key, [.. last]);
            imported.Add(vehicle.Key);
        }

        return true;
    }
}
