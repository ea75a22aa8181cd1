using Microsoft.Extensions.Diagnostics.HealthChecks;
using Telemetry.Api.Alerts;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Notify;

/// <summary>Fetches <c>Alerts:Heartbeat</c> each minute while the server is ready: a dead server cannot alert, so somebody else must notice that nothing comes.</summary>
sealed partial class Heartbeat(AlertsSettings settings, HealthCheckService health, HttpClient client, TimeProvider clock, LoopWatch loops, ILogger<Heartbeat> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    bool _isFailing;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the heartbeat", () => BeatAsync(stoppingToken), stoppingToken);

    async Task BeatAsync(CancellationToken stopping)
    {
        using var beat = new PeriodicTimer(Interval, clock);
        do
        {
            if ((await health.CheckHealthAsync(check => check.Tags.Contains("ready"), stopping)).Status != HealthStatus.Unhealthy) await FetchAsync(stopping);
        }
        while (await beat.WaitForNextTickAsync(stopping));
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
