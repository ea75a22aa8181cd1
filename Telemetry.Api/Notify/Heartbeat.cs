using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telemetry.Api.Alerts;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Notify;

/// <summary>Fetches <c>Alerts:Heartbeat</c> each minute while the server is ready. A dead server cannot send alerts, so a monitoring service must notice its silence.</summary>
sealed partial class Heartbeat(AlertsSettings settings, HealthCheckService health, HttpClient client, TimeProvider clock, LoopWatch loops, ILogger<Heartbeat> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // More often than the interval: if the server is not ready at one moment, as at its start, it must not miss a whole minute.
    static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    bool _isFailing;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the heartbeat", () => BeatAsync(stoppingToken), stoppingToken);

    async Task BeatAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(CheckInterval, clock);
        long? fetchedAt = null;
        do
        {
            // Half a check earlier: the timer is not exact.
            if (fetchedAt is { } at && clock.GetElapsedTime(at) < Interval - CheckInterval / 2) continue;
            if ((await health.CheckHealthAsync(check => check.Tags.Contains("ready"), stopping)).Status == HealthStatus.Unhealthy) continue;
            fetchedAt = clock.GetTimestamp();
            await FetchAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    async Task FetchAsync(CancellationToken stopping)
    {
        try
        {
            using var answer = await client.GetAsync(settings.Heartbeat, HttpCompletionOption.ResponseHeadersRead, stopping);
            Note(answer.IsSuccessStatusCode ? null : $"it has answered {(int)answer.StatusCode}");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !stopping.IsCancellationRequested)
        {
            Note(error.GetBaseException().Message);
        }
    }

    void Note(string? problem)
    {
        if (problem is not null && !_isFailing) Log.Failed(log, problem);
        _isFailing = problem is not null;
    }

    static partial class Log
    {
        [LoggerMessage(870, LogLevel.Warning, "Alerts:Heartbeat cannot be fetched ({Problem}); it is tried each minute")]
        public static partial void Failed(ILogger log, string problem);
    }
}
