using System.Reactive.Concurrency;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.RateLimiting;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>How an import went.</summary>
/// <param name="Readings">Readings that are kept; those that were there before count too.</param>
/// <param name="Rejected">Readings of an impossible value or a time to come, or under a key that is no signal.</param>
/// <param name="Line">The line it ended at.</param>
/// <param name="Problem">Why it ended there; null at the end of the file.</param>
/// <param name="Status">The same as a status of HTTP: of 400 the file is the reason, of 429 and 503 the server, for now.</param>
sealed record ImportResult(long Readings, long Rejected, long Line, string? Problem, int Status);

/// <summary>Where an import goes.</summary>
/// <param name="TryKeep">Makes a batch durable; false: not now.</param>
/// <param name="LimitsNewVehicles">True if only so many vehicles a minute may be new.</param>
sealed record ImportTarget(Func<IReadOnlyList<HistoryEntry>, Task<bool>> TryKeep, bool LimitsNewVehicles);

/// <summary>Takes in readings that were recorded elsewhere. It never makes a vehicle running.</summary>
sealed class ReadingsImport(VehicleRegistry vehicles, SignalCatalog catalog, LiveInput intake, IScheduler clock, [FromKeyedServices(ReadingsImport.LimitKey)] RegistrationLimit limit) : IDisposable
{
    /// <summary>Imports over HTTP at once: each takes processor time from the live path, and its share of the store.</summary>
    public const int AtOnce = 2;

    /// <summary>Key of the service that limits how many vehicles imports may register: a <see cref="RegistrationLimit"/> of their own.</summary>
    public const string LimitKey = "import";

    const int MaxLineLength = 1000;

    // A reading of tomorrow would be the newest for a long time.
    static readonly TimeSpan FutureAllowed = TimeSpan.FromMinutes(1);

    readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce });
    readonly Lock _gate = new();
    readonly IStopwatch _stopwatch = clock.StartStopwatch();

    /// <summary>Counts an import over HTTP until the lease is disposed of; not acquired while there are <see cref="AtOnce"/>.</summary>
    public RateLimitLease Enter() => _limiter.AttemptAcquire();

    public void Dispose() => _limiter.Dispose();

    /// <summary>Reads a file to its end or its first broken line, in constant memory.</summary>
    /// <param name="text">The file.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="cancelled">Ends it.</param>
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
                else if (target.LimitsNewVehicles && !MayBe(row.Device)) (problem, status) = ($"Line {line} is of one more new vehicle than Ingest:NewVehiclesPerMinute allows.", StatusCodes.Status429TooManyRequests);
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
                (problem, status) = ("The store is away, and the room left for readings meanwhile is for live ones.", StatusCodes.Status503ServiceUnavailable);
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

    // A line without an end must not fill the memory: what is too long is cut, and told.
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
