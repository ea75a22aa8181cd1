using System.Reactive.Concurrency;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telemetry.Api.Access;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Ingest;
using Telemetry.Api.Notify;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Observability;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: messages can arrive and can be stored.</summary>
static class HealthStage
{
    const string Ready = "ready";

    public static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.AddJson(HealthJson.Default);
        builder.Services.AddHealthChecks()
            .AddCheck<BrokerCheck>("broker", tags: [Ready])
            .AddCheck<StoreCheck>("store", tags: [Ready])
            .AddCheck<ClockCheck>("clock", tags: [Ready])
            .AddCheck<SignalsCheck>("signals", tags: [Ready])
            .AddCheck<AlertsCheck>("alerts", tags: [Ready])
            .AddCheck<LoopCheck>("loops", tags: [Ready])
            .AddCheck<ChannelsCheck>("channels", tags: [Ready]);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", LiveAsync).AllowAnonymous().Describe("server", "isLive", "Liveness of the process", "The process answers").Produces<Health>();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous().Describe("server", "isReady", "Readiness: messages can arrive and readings can be stored", "Ready; readings may go to the spool").Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable);

        // Some watchdogs use HEAD.
        app.MapMethods("/health/live", [HttpMethods.Head], LiveAsync).AllowAnonymous().WithTags("server");
        app.MapMethods("/health/ready", [HttpMethods.Head], ReadyAsync).AllowAnonymous().WithTags("server");
    }

    static Task<JsonHttpResult<Health>> LiveAsync(HttpContext http, HealthCheckService checks, AuthSettings auth) => CheckAsync(http, checks, auth, _ => false);

    static Task<JsonHttpResult<Health>> ReadyAsync(HttpContext http, HealthCheckService checks, AuthSettings auth) => CheckAsync(http, checks, auth, check => check.Tags.Contains(Ready));

    static async Task<JsonHttpResult<Health>> CheckAsync(HttpContext http, HealthCheckService checks, AuthSettings auth, Func<HealthCheckRegistration, bool> isAsked)
    {
        var report = await checks.CheckHealthAsync(isAsked, http.RequestAborted);
        var status = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        // A watchdog has no token; details require one.
        var isForAll = auth.IsOn && http.Features.Get<AccessScope>() is not { VehicleIds: null };
        var health = isForAll ? new Health(Health.NameOf(report.Status)) : new Health(Health.NameOf(report.Status), ProductVersion.Text, CheckResults.Of(report));
        return TypedResults.Json(health, HealthJson.Default.Health, statusCode: status);
    }
}

sealed class BrokerCheck(BrokerStatus status, IngestCounters counters, Clients clients) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => new BrokerHealth(
        status.Problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy,
        status.Problem,
        status.Address,
        status.ProtocolName,
        counters.Messages,
        counters.Readings,
        Enum.GetValues<Rejection>().Where(reason => counters.Rejected(reason) > 0).ToDictionary(reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), counters.Rejected),
        clients.Count).AsTask();
}

sealed class StoreCheck(HistoryStatus status, ReadingStore store, HistoryQueue queue, Spool spool, HistorySettings settings, WriterLease lease) : IHealthCheck
{
    /// <summary>Time beyond the flush interval after which waiting readings count as overload.</summary>
    static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Acknowledged but not stored: an operator has to inspect them.
        var aside = spool.SetAsideReason is { } reason ? $"{spool.SetAsideReadings} readings are quarantined in the spool; the newest because of: {reason}" : null;
        string?[] problems = [status.Problem ?? Overload(), lease.Problem, aside];
        var problem = Array.TrueForAll(problems, text => text is null) ? null : string.Join("; ", problems.Where(text => text is not null));
        var health = problem is null ? HealthStatus.Healthy : status.IsWaiting ? HealthStatus.Unhealthy : HealthStatus.Degraded;
        var oldest = spool.Oldest;
        return new StoreHealth(
            health,
            problem,
            store.Name,
            status.IsDirect ? "direct" : status.IsWaiting ? "waiting" : "spooling",
            queue.Waiting,
            queue.Dropped + spool.Dropped,
            spool.Readings,
            oldest is null ? 0 : Math.Max(0, Math.Round((DateTime.UtcNow - oldest.Value).TotalSeconds, 1)),
            spool.SetAsideReadings,
            !status.IsDirect && !status.IsAway && lease.Problem is null && aside is null,
            lease.Others).AsTask();
    }

    string? Overload()
    {
        if (queue.IsDropping) return "readings are lost: they arrive faster than they can be stored";
        return queue.Age is var age && age > settings.FlushInterval + MaxWait ? $"readings have waited {age.TotalSeconds:0} s to be stored" : null;
    }
}

sealed class ClockCheck(FutureReadings future) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = DateTime.UtcNow;
        var newest = future.NewestAfter(now);
        var problem = newest is { } time
            ? $"the store has readings up to {Timestamps.Text(time)}, in the future: the clock was ahead when they arrived, or is behind now"
            : null;
        return new ClockHealth(problem, Timestamps.Text(now)).AsTask();
    }
}

sealed class SignalsCheck(SignalCatalog signals, IScheduler clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var usage = signals.Usage(clock.Now.UtcDateTime);
        return new SignalsHealth(usage.Problem, usage.Names, usage.FullVehicles).AsTask();
    }
}

/// <summary>Rules and open alerts: an alert is no problem of the server.</summary>
sealed class AlertsCheck(AlertRules rules, AlertLog alerts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        new AlertsHealth(rules.All.Count(rule => rule.Rule.IsEnabled), alerts.Open.Count).AsTask();
}

sealed class LoopCheck(LoopWatch loops) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        new LoopsHealth(loops.Problem, loops.Failures.ToDictionary(failure => failure.Loop, failure => failure.Count)).AsTask();
}

/// <summary>State of channels: one that does not accept messages makes the server no less ready.</summary>
sealed class ChannelsCheck(ChannelWorkers workers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = workers.All.Where(worker => worker.Status.Now.Problem is not null).Select(worker => $"channel {worker.Channel.Name}: {worker.Status.Now.Problem}").ToList();
        return new ChannelsHealth(problems.Count == 0 ? null : string.Join("; ", problems), workers.All.ToDictionary(worker => worker.Channel.Name, worker => worker.Status.Now.Waiting)).AsTask();
    }
}
