using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.RateLimiting;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <param name="Readings">Readings stored; those that were stored before count too.</param>
/// <param name="Rejected">Readings with an impossible value, a timestamp in the future, or a key that is not a signal.</param>
/// <param name="Line">Line at which the import ended.</param>
/// <param name="Problem">Reason for ending there; null at the end of the file.</param>
/// <param name="Status">HTTP status of the problem: 400 is an error in the file, 429 and 503 are temporary.</param>
sealed record ImportResult(long Readings, long Rejected, long Line, string? Problem, int Status);

/// <summary>Destination of an import.</summary>
/// <param name="TryKeep">Makes a batch durable; false: not possible now.</param>
/// <param name="LimitsNewVehicles">True if the number of new vehicles per minute is limited.</param>
sealed record ImportTarget(Func<IReadOnlyList<HistoryEntry>, Task<bool>> TryKeep, bool LimitsNewVehicles);

/// <summary>Imports readings that were recorded elsewhere. They never make a vehicle running.</summary>
sealed class ReadingsImport(VehicleRegistry vehicles, SignalCatalog catalog, LiveInput intake, IScheduler clock, [FromKeyedServices(ReadingsImport.LimitKey)] RegistrationLimit limit) : IDisposable
{
    /// <summary>Maximum concurrent imports over HTTP: each takes processor time from the live pipeline, and its share of the store.</summary>
    public const int AtOnce = 2;

    /// <summary>Service key of the imports' own <see cref="RegistrationLimit"/>.</summary>
    public const string LimitKey = "import";

    const int MaxLineLength = 1000;
    const string HeaderProblem = $"Line 1 takes the header {ReadingsFile.Header}.";

    // A reading of tomorrow would be the newest one for a long time.
    static readonly TimeSpan FutureAllowed = TimeSpan.FromMinutes(1);

    readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce });
    readonly Lock _gate = new();
    readonly IStopwatch _stopwatch = clock.StartStopwatch();

    /// <summary>Counts an import over HTTP until the lease is disposed; not acquired while <see cref="AtOnce"/> are in progress.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

    public void Dispose() => _limiter.Dispose();

    /// <summary>Imports a file to its end or its first invalid line, in constant memory.</summary>
    public async Task<ImportResult> RunAsync(TextReader text, ImportTarget target, CancellationToken cancelled)
    {
        var progress = new ImportProgress(clock.Now.UtcDateTime + FutureAllowed);
        await foreach (var line in Lines(text, cancelled))
        {
            progress.Line++;
            Read(line, progress, target.LimitsNewVehicles);
            if (progress.Problem is null && progress.Batch.Count == HistoryQueue.BatchSize) await KeepAsync(progress, target);
            if (progress.Problem is not null) break;
        }

        if (progress.Line == 0) progress.Fail(HeaderProblem);
        if (progress.Status != StatusCodes.Status503ServiceUnavailable) await KeepAsync(progress, target);
        return new ImportResult(progress.Readings, progress.Rejected, progress.Line, progress.Problem, progress.Status);
    }

    void Read(string line, ImportProgress progress, bool limitsNewVehicles)
    {
        if (progress.Line == 1)
        {
            if (line.TrimStart('\uFEFF') != ReadingsFile.Header) progress.Fail(HeaderProblem);
            return;
        }

        if (line.Length > MaxLineLength) progress.Fail($"Line {progress.Line} is longer than {MaxLineLength} characters.");
        else if (line.Length == 0) return;
        else if (ReadingsFile.Parse(line, out var row) is { } wrong) progress.Fail($"Line {progress.Line}: {wrong}");
        else if (row.At > progress.Latest || catalog.Import(row.Signal, progress.NamesOf(row.Device), progress.Latest) is not { } signal || !signal.AcceptsRecorded(row.Value)) progress.Rejected++;
        else if (limitsNewVehicles && !MayBe(row.Device)) progress.Fail($"Line {progress.Line} exceeds the number of new vehicles per minute (Ingest:NewVehiclesPerMinute).", StatusCodes.Status429TooManyRequests);
        else progress.Batch.Add(new HistoryEntry(vehicles.Keyed(row.Device), [new Reading(signal, row.Value, row.At)], null));
    }

    bool MayBe(string device)
    {
        if (vehicles.KnownByKey(device) is not null) return true;
        lock (_gate) return limit.TryTake(DateTime.UnixEpoch + _stopwatch.Elapsed);
    }

    async Task KeepAsync(ImportProgress progress, ImportTarget target)
    {
        var batch = progress.Batch;
        if (batch.Count == 0) return;
        if (!await target.TryKeep([.. batch]))
        {
            progress.Fail("The store is unavailable, and the remaining room in the spool is reserved for live readings.", StatusCodes.Status503ServiceUnavailable);
            return;
        }

        foreach (var vehicle in batch.GroupBy(entry => entry.Vehicle!))
        {
            var last = vehicle.SelectMany(entry => entry.Readings).GroupBy(reading => reading.Signal).Select(signal => signal.MaxBy(reading => reading.At));
            intake.Import(vehicle.Key, [.. last]);
        }

        progress.Readings += batch.Count;
        batch.Clear();
    }

    // A line without an end must not fill the memory: a line that is too long is cut, and reported by the caller.
    static async IAsyncEnumerable<string> Lines(TextReader text, [EnumeratorCancellation] CancellationToken cancelled)
    {
        var buffer = new char[16 * 1024];
        var line = new StringBuilder();
        for (int count; (count = await text.ReadAsync(buffer, cancelled)) > 0;)
        {
            for (var start = 0; start < count;)
            {
                var end = Array.IndexOf(buffer, '\n', start, count - start);
                line.Append(buffer, start, (end < 0 ? count : end) - start);
                start = end < 0 ? count : end + 1;
                if (end < 0 && line.Length <= MaxLineLength) continue;
                yield return line.ToString().TrimEnd('\r');
                line.Clear();
            }
        }

        if (line.Length > 0) yield return line.ToString().TrimEnd('\r');
    }
}

/// <summary>Progress of one import.</summary>
/// <param name="latest">Latest time of a reading.</param>
sealed class ImportProgress(DateTime latest)
{
    readonly Dictionary<string, NameBudget> _names = [];

    public DateTime Latest => latest;

    /// <summary>Number of the current line, from 1.</summary>
    public long Line { get; set; }

    public long Readings { get; set; }

    public long Rejected { get; set; }

    /// <summary>Readings that are not stored yet.</summary>
    public List<HistoryEntry> Batch { get; } = new(HistoryQueue.BatchSize);

    public string? Problem { get; private set; }

    public int Status { get; private set; } = StatusCodes.Status400BadRequest;

    public void Fail(string problem, int status = StatusCodes.Status400BadRequest) => (Problem, Status) = (problem, status);

    /// <summary>New names of signals that a device of the file may have.</summary>
    public NameBudget NamesOf(string device) => _names.TryGetValue(device, out var budget) ? budget : _names[device] = new NameBudget(device);
}
