using System.Diagnostics;
using System.Reactive.Concurrency;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts of the server about itself: it did not listen, or its store or broker is unavailable. They need no rules.</summary>
sealed class ServerAlerts(AlertLog alerts, AlertNotes notes, BrokerStatus broker, HistoryStatus history, IScheduler clock, LoopWatch loops) : BackgroundService
{
    /// <summary>Ids of the built-in rules, below those of others.</summary>
    const int Outage = 0;
    const int Store = -1;
    const int Broker = -2;

    static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan NoteInterval = TimeSpan.FromMinutes(1);

    static readonly TimeSpan MinOutage = TimeSpan.FromMinutes(5);

    static readonly TimeSpan MaxAway = TimeSpan.FromMinutes(1);

    readonly Away _store = new(Store, "The store cannot be written", Severity.Warning);
    readonly Away _broker = new(Broker, "There is no link to the broker", Severity.Warning);
    DateTime? _listenedUntil;
    DateTime _notedAt;
    bool _isListening;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _listenedUntil = notes.ReadListened();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_isListening) notes.SaveListened(clock.Now.UtcDateTime);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the loop that watches over the server", async () =>
    {
        using var timer = new PeriodicTimer(CheckInterval);
        do Check(clock.Now.UtcDateTime, Stopwatch.GetElapsedTime(0));
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }, stoppingToken);

    /// <summary>Checks broker and store. <paramref name="elapsed"/> is time by a clock that is never set.</summary>
    internal void Check(DateTime now, TimeSpan elapsed)
    {
        Check(_store, !history.IsAway, now, elapsed);
        Check(_broker, broker.Problem is null, now, elapsed);
        alerts.EndSnoozes(now);
        _isListening = broker.Problem is null;
        if (!_isListening) return;
        if (_listenedUntil is { } until && now - until > MinOutage) AddOutage(until, now);
        _listenedUntil = null;
        if (now - _notedAt < NoteInterval && now >= _notedAt) return;
        notes.SaveListened(now);
        _notedAt = now;
    }

    // It has ended when it is known: it is only shown, because nothing could end it.
    void AddOutage(DateTime from, DateTime to) => alerts.Add(new Alert(AlertIds.New(to), Outage, null, Severity.Info, Alert.Whole(from), Alert.Whole(to))
    {
        Rule = "The server did not listen",
        ClearedAt = Alert.Whole(to),
    });

    void Check(Away away, bool isWell, DateTime now, TimeSpan elapsed)
    {
        if (isWell)
        {
            away.Since = null;
            alerts.EndOwn(away.RuleId, now);
            return;
        }

        away.Since ??= (now, elapsed);
        if (elapsed - away.Since.Value.Elapsed < MaxAway) return;
        alerts.Add(new Alert(AlertIds.New(now), away.RuleId, null, away.Severity, Alert.Whole(away.Since.Value.At), Alert.Whole(now)) { Rule = away.Name });
    }

    sealed record Away(int RuleId, string Name, Severity Severity)
    {
        public (DateTime At, TimeSpan Elapsed)? Since { get; set; }
    }
}
