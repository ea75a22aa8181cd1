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
        var batch = new List<HistoryEntry>(HistoryQueue.BatchSize);
        var (readings, rejected, line) = (0L, 0L, 0L);
        var status = StatusCodes.Status400BadRequest;
        string? problem = null;
        var latest = clock.Now.UtcDateTime + FutureAllowed;
        var names = new Dictionary<string, NameBudget>();
        await foreach (var content in Lines(text, cancelled))
        {
            line++;
            if (line == 1)
            {
                if (content.TrimStart('\uFEFF') != ReadingsFile.Header) problem = $"Line 1 takes the header {ReadingsFile.Header}.";
            }
            else if (content.Length > MaxLineLength)
            {
                problem = $"Line {line} is longer than {MaxLineLength} characters.";
            }
            else if (content.Length > 0)
            {
                if (ReadingsFile.Parse(content, out var row) is { } wrong) problem = $"Line {line}: {wrong}";
                else if (row.At > latest || catalog.Import(row.Signal, NamesOf(row.Device), latest) is not { } signal || !signal.AcceptsRecorded(row.Value)) rejected++;
                else if (target.LimitsNewVehicles && !MayBe(row.Device)) (problem, status) = ($"Line {line} exceeds the number of new vehicles per minute (Ingest:NewVehiclesPerMinute).", StatusCodes.Status429TooManyRequests);
                else batch.Add(new HistoryEntry(vehicles.Keyed(row.Device), [new Reading(signal, row.Value, row.At)], null));
            }

            if (problem is not null || (batch.Count == HistoryQueue.BatchSize && !await Keep())) break;
        }

        if (line == 0) problem = $"Line 1 takes the header {ReadingsFile.Header}.";
        if (status != StatusCodes.Status503ServiceUnavailable) await Keep();
        return new ImportResult(readings, rejected, line, problem, status);

        NameBudget NamesOf(string device) => names.TryGetValue(device, out var budget) ? budget : names[device] = new NameBudget(device);

        async Task<bool> Keep()
        {
            var count = batch.Count;
            if (!await TryKeepAsync(batch, target))
            {
                (problem, status) = ("The store is unavailable, and the remaining room in the spool is reserved for live readings.", StatusCodes.Status503ServiceUnavailable);
                return false;
            }

            readings += count;
            return true;
        }
    }

    bool MayBe(string device)
    {
        if (vehicles.KnownByKey(device) is not null) return true;
        lock (_gate) return limit.TryTake(DateTime.UnixEpoch + _stopwatch.Elapsed);
    }

    async Task<bool> TryKeepAsync(List<HistoryEntry> batch, ImportTarget target)
    {
        if (batch.Count == 0) return true;
        if (!await target.TryKeep([.. batch])) return false;
        foreach (var vehicle in batch.GroupBy(entry => entry.Vehicle!))
        {
            var last = vehicle.SelectMany(entry => entry.Readings).GroupBy(reading => reading.Signal).Select(signal => signal.MaxBy(reading => reading.At));
            intake.Import(vehicle.Key, [.. last]);
        }

        batch.Clear();
        return true;
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
