using System.Reactive.Concurrency;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telemetry.Api.Access;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Ingest;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Observability;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: messages come in and can be kept.</summary>
static class HealthStage
{
    const string Ready = "ready";

    public static void AddHealth(this IHostApplicationBuilder builder) => builder.Services.AddHealthChecks()
        .AddCheck<BrokerCheck>("broker", tags: [Ready])
        .AddCheck<StoreCheck>("store", tags: [Ready])
        .AddCheck<ClockCheck>("clock", tags: [Ready])
        .AddCheck<SignalsCheck>("signals", tags: [Ready])
        .AddCheck<LoopCheck>("loops", tags: [Ready]);

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json";
        // A watchdog has no token; what stands where is for those who have one.
        if (http.RequestServices.GetRequiredService<AuthSettings>().IsOn && http.Features.Get<AccessScope>() is not { VehicleIds: null })
            return JsonSerializer.SerializeAsync(http.Response.Body, new { status = Name(report.Status) }, cancellationToken: http.RequestAborted);
        return JsonSerializer.SerializeAsync(http.Response.Body, new
        {
            status = Name(report.Status),
            version = ProductVersion.Text,
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => new Dictionary<string, object>(entry.Value.Data)
            {
                ["status"] = Name(entry.Value.Status),
                ["problem"] = entry.Value.Description!,
            }),
        }, cancellationToken: http.RequestAborted);
    }

    static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}

/// <summary>True if messages can come in, and what has come so far.</summary>
sealed class BrokerCheck(BrokerStatus status, IngestCounters counters, Clients clients) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(new HealthCheckResult(status.Problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, status.Problem, data: new Dictionary<string, object>
        {
            ["address"] = status.Address,
            ["mqtt_version"] = status.ProtocolName,
            ["messages"] = counters.Messages,
            ["readings"] = counters.Readings,
            ["rejected"] = Enum.GetValues<Rejection>().Where(reason => counters.Rejected(reason) > 0)
                .ToDictionary(reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), counters.Rejected),
            ["clients"] = clients.Count,
        }));
}

/// <summary>True if readings can be kept, and how many wait for it.</summary>
sealed class StoreCheck(HistoryStatus status, ReadingStore store, HistoryQueue queue, Spool spool, HistorySettings settings, WriterLease lease) : IHealthCheck
{
    /// <summary>Readings may wait so much longer than it takes to fill a batch.</summary>
    static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Acknowledged, and yet no row: somebody has to look at them.
        var aside = spool.SetAsideReason is { } reason ? $"{spool.SetAsideReadings} readings are set aside in the spool; the newest because of: {reason}" : null;
        string?[] problems = [status.Problem ?? Overload(), lease.Problem, aside];
        var problem = Array.TrueForAll(problems, text => text is null) ? null : string.Join("; ", problems.Where(text => text is not null));
        var health = problem is null ? HealthStatus.Healthy : status.IsWaiting ? HealthStatus.Unhealthy : HealthStatus.Degraded;
        var oldest = spool.Oldest;
        return Task.FromResult(new HealthCheckResult(health, problem, data: new Dictionary<string, object>
        {
            ["kind"] = store.Name,
            ["mode"] = status.IsDirect ? "direct" : status.IsWaiting ? "waiting" : "spooling",
            ["waiting"] = queue.Waiting,
            ["dropped"] = queue.Dropped + spool.Dropped,
            ["spooled"] = spool.Readings,
            ["behind_seconds"] = oldest is null ? 0 : Math.Max(0, Math.Round((DateTime.UtcNow - oldest.Value).TotalSeconds, 1)),
            ["set_aside"] = spool.SetAsideReadings,
            ["other_servers"] = lease.Others,
        }));
    }

    string? Overload()
    {
        if (queue.IsDropping) return "readings are lost: they come faster than they can be kept";
        return queue.Age is var age && age > settings.FlushInterval + MaxWait ? $"readings wait to be kept for {age.TotalSeconds:0} s" : null;
    }
}

/// <summary>True if the clock agrees with the readings in the store.</summary>
sealed class ClockCheck(FutureReadings future) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = DateTime.UtcNow;
        var newest = future.NewestAfter(now);
        var problem = newest is { } time
            ? $"the store has readings up to {Timestamps.Text(time)}, in the future: the clock was ahead when they came, or is behind now"
            : null;
        return Task.FromResult(new HealthCheckResult(problem is null ? HealthStatus.Healthy : HealthStatus.Degraded, problem, data: new Dictionary<string, object> { ["now"] = Timestamps.Text(now) }));
    }
}

/// <summary>True if new names of signals are taken.</summary>
sealed class SignalsCheck(SignalCatalog signals, IScheduler clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var usage = signals.Usage(clock.Now.UtcDateTime);
        return Task.FromResult(new HealthCheckResult(usage.Problem is null ? HealthStatus.Healthy : HealthStatus.Degraded, usage.Problem, data: new Dictionary<string, object>
        {
            ["names"] = usage.Names,
            ["full_vehicles"] = usage.FullVehicles,
        }));
    }
}

/// <summary>True if the background loops run.</summary>
sealed class LoopCheck(LoopWatch loops) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(new HealthCheckResult(loops.Problem is null ? HealthStatus.Healthy : HealthStatus.Degraded, loops.Problem, data: new Dictionary<string, object>
        {
            ["failures"] = loops.Failures.ToDictionary(failure => failure.Loop, failure => failure.Count),
        }));
}
