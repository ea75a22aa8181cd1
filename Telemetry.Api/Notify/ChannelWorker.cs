using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Sends a channel's messages, one at a time. Each channel has one: one that hangs stops no other.</summary>
sealed partial class ChannelWorker(Channel channel, NotifiedAlerts alerts, DeliveryStore store, ChannelAlerts own, TimeProvider clock, ILogger<ChannelWorker> log) : IDisposable
{
    // The wall clock may be set while the worker sleeps.
    static readonly TimeSpan MaxSleep = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _wake = new(0, 1);
    readonly SemaphoreSlim _testing = new(1);
    OutgoingMessage? _pending;
    DateTime? _sentAt;

    public Channel Channel => channel;

    public ChannelStatus Status { get; } = new();

    public TimeSpan WaitingFor => Status.Now.WaitingSince is { } since && Now > since ? Now - since : TimeSpan.Zero;

    DateTime Now => clock.GetUtcNow().UtcDateTime;

    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // The worker has not handled the last wake-up yet: one is enough.
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        _sentAt = alerts.SentAt(channel.Name);
        Status.Restore(_sentAt);
        // Try at once after a restart, unless the receiver itself asked for the wait: it may be reachable again.
        _pending = store.ReadOutgoing(channel.Name) is { } left ? left with { NextAt = left.IsOrdered ? left.NextAt : Now } : null;
        while (true)
        {
            var next = await StepAsync(stopping);
            var sleep = next is { } at && at - Now < MaxSleep ? at - Now : MaxSleep;
            if (sleep > TimeSpan.Zero) await _wake.WaitAsync(sleep, stopping);
        }
    }

    /// <summary>Sends at once, besides the waiting messages; null if a test is already being sent.</summary>
    public async Task<SendOutcome?> TestAsync(Digest digest, CancellationToken cancelled)
    {
        if (!await _testing.WaitAsync(TimeSpan.Zero, cancelled)) return null;
        try
        {
            var outcome = await channel.Sender.SendAsync(digest.Id, channel.Sender.Write(digest), cancelled);
            if (outcome.Result == SendResult.Sent) Succeed(Now, outcome.Problem);
            else Status.Failed(Now, outcome.Problem);
            return outcome;
        }
        finally
        {
            _testing.Release();
        }
    }

    public void Dispose()
    {
        _wake.Dispose();
        _testing.Dispose();
    }

    // Sends a due message. Returns the time of the next check; null: after a wake-up.
    async Task<DateTime?> StepAsync(CancellationToken stopping)
    {
        var now = Now;
        var due = DueNotices.Of(channel.Timing, alerts.Of(channel.Name, now), _pending is null ? _sentAt : null, now);
        if (_pending is { } pending && due.Notices.Count == 0)
        {
            // All its alerts were acknowledged, have ended or became quiet: there is nothing to send.
            alerts.Finish(channel.Name, [], now, null);
            _pending = pending = null;
        }

        Status.Waits(due.Notices.Count, _pending?.Parts.Min(part => part.FirstAt) ?? (due.Notices.Count > 0 ? now : null));
        if (due.Notices.Count == 0) return due.Next;
        if (_pending is { } waiting)
        {
            var at = NextTryOf(waiting, due.Notices);
            if (at > now) return due.Next < at ? due.Next : at;
            if (!waiting.IsUnclear && !waiting.Keys().SetEquals(due.Notices.Select(notice => notice.Key))) _pending = Write(due.Notices, waiting, now);
        }

        await TryAsync(_pending ?? Write(due.Notices, null, now), stopping);
        return Now;
    }

    DateTime NextTryOf(OutgoingMessage waiting, IReadOnlyList<Notice> due)
    {
        var keys = waiting.Keys();
        if (waiting.IsOrdered || due.All(notice => keys.Contains(notice.Key))) return waiting.NextAt;
        var forNews = RetryPlan.NextForNews(waiting.TriedAt, channel.Timing.Every);
        return forNews < waiting.NextAt ? forNews : waiting.NextAt;
    }

    OutgoingMessage Write(IReadOnlyList<Notice> notices, OutgoingMessage? before, DateTime now)
    {
        var digest = Digest.Of(notices, before?.Keys() ?? new HashSet<string>(), now);
        var parts = digest.Notices.Select(notice => before?.Parts.FirstOrDefault(part => part.AlertId == notice.Alert.Id && part.Key == notice.Key) ?? OutgoingPart.Of(notice, now));
        return new OutgoingMessage(digest.Id, [.. parts], channel.Sender.Write(digest), before?.FirstAt ?? now, now, now);
    }

    async Task TryAsync(OutgoingMessage message, CancellationToken stopping)
    {
        var tried = Now;
        var wasUnclear = message.IsUnclear;
        // Saved before it is sent: after a kill the same message is sent again under the same key.
        _pending = message = message with { TriedAt = tried, NextAt = tried, IsUnclear = true };
        store.Save(channel.Name, message);
        var outcome = await channel.Sender.SendAsync(message.Id, message.Content, stopping);
        var now = Now;
        switch (outcome.Result)
        {
            case SendResult.Sent:
                alerts.Finish(channel.Name, message.Parts, now, null);
                (_pending, _sentAt) = (null, now);
                Log.Sent(log, channel.Name, message.Id, message.Parts.Count);
                Succeed(now, outcome.Problem);
                break;
            case SendResult.Refused:
                GiveUp(message, message.Parts, outcome.Problem, now);
                break;
            default:
                Retry(message, outcome, IsUnclear(outcome, wasUnclear), now);
                break;
        }
    }

    void Succeed(DateTime now, string problem)
    {
        Status.Sent(now, problem);
        own.Delivers(channel.Name, now);
    }

    // A receiver that has answered an error now may have the message from a try before, of this run or one that was killed.
    bool IsUnclear(SendOutcome outcome, bool wasUnclear) => !channel.Sender.ReplacesItself && (wasUnclear || outcome.Result == SendResult.Unclear);

    void Retry(OutgoingMessage message, SendOutcome outcome, bool isUnclear, DateTime now)
    {
        if (message.Problem is null) Log.Failed(log, channel.Name, message.Id, outcome.Problem);
        Status.Failed(now, outcome.Problem);
        var old = message.Parts.Where(part => now - part.FirstAt >= RetryPlan.MaxAge).ToList();
        if (old.Count > 0) GiveUp(message, old, outcome.Problem, now);
        if (old.Count == message.Parts.Count) return;
        List<OutgoingPart> left = [.. message.Parts.Except(old)];
        var next = RetryPlan.Next(message.FirstAt, message.TriedAt, now, outcome.RetryAfter, Random.Shared.NextDouble());
        var last = left.Min(part => part.FirstAt) + RetryPlan.MaxAge;
        _pending = message with { Parts = left, NextAt = next < last ? next : last, IsUnclear = isUnclear, IsOrdered = outcome.RetryAfter is not null, Problem = outcome.Problem };
        store.Save(channel.Name, _pending);
    }

    void GiveUp(OutgoingMessage message, IReadOnlyList<OutgoingPart> parts, string problem, DateTime now)
    {
        alerts.Finish(channel.Name, parts, now, problem);
        (_pending, _sentAt) = (null, now);
        Status.GivenUp(now, problem);
        Log.GivenUp(log, channel.Name, message.Id, problem);
        own.GivesUp(channel.Name, now);
    }

    static partial class Log
    {
        [LoggerMessage(860, LogLevel.Information, "Channel {Channel}: {Alerts} alerts sent in message {Id}")]
        public static partial void Sent(ILogger log, string channel, string id, int alerts);

        [LoggerMessage(861, LogLevel.Warning, "Channel {Channel} has not taken message {Id} ({Problem}): it is tried again for a day")]
        public static partial void Failed(ILogger log, string channel, string id, string problem);

        [LoggerMessage(862, LogLevel.Error, "Channel {Channel}: message {Id} is given up ({Problem})")]
        public static partial void GivenUp(ILogger log, string channel, string id, string problem);
    }
}
