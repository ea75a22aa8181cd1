using System.Collections.Concurrent;
using System.Text.Json;
using Telemetry.Api.Notify;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Push;

/// <summary>Sends messages to all browsers that have subscribed.</summary>
sealed class PushSender(PushDelivery delivery, PushSubscribers subscribers, NoticeText en, NoticeText fr, bool isFrench) : IChannelSender
{
    const int MaxAtOnce = 8;

    // Another server may have added subscriptions; a slow store delays alerts by no more than this.
    static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(1);

    // Notices delivered to some browsers while others still wait for them.
    readonly ConcurrentDictionary<(string Endpoint, string Notice), bool> _delivered = new();

    public bool ReplacesItself => true;

    public string Write(Digest digest) => JsonSerializer.Serialize(digest.Notices.Select(notice => PushNotice.Of(notice, digest.At, en, fr)).ToList(), PushJson.Default.ListPushNotice);

    public async Task<SendOutcome> SendAsync(string id, string content, CancellationToken stopping)
    {
        var notices = JsonSerializer.Deserialize(content, PushJson.Default.ListPushNotice)!;
        await RefreshAsync(stopping);
        if (subscribers.Valid is not { Count: > 0 } all) return new SendOutcome(SendResult.Refused, "no browser has subscribed");
        if (await delivery.KeyAsync(stopping) is not { } key) return new SendOutcome(SendResult.Failed, "the server's push key cannot be read");
        Forget(notices);
        var answers = await SendToAllAsync(all, notices, key, stopping);
        var outcome = OutcomeOf(answers);
        if (outcome.Result is SendResult.Sent or SendResult.Refused)
            foreach (var done in _delivered.Keys.Where(done => notices.Exists(notice => notice.Key == done.Notice))) _delivered.TryRemove(done, out _);
        return outcome;
    }

    async Task RefreshAsync(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(RefreshTimeout);
        try
        {
            await subscribers.TryRefreshAsync(patience.Token).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The store is slow: send to the known browsers.
        }
    }

    async Task<IReadOnlyCollection<PushAnswer>> SendToAllAsync(IReadOnlyList<PushSubscriber> all, List<PushNotice> notices, PushKey key, CancellationToken stopping)
    {
        var answers = new ConcurrentBag<PushAnswer>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Channel.SendTimeout);
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = stopping }, async (to, _) =>
        {
            var seen = notices.FindAll(notice => (notice.IsTest || to.Sees(notice.VehicleId)) && !_delivered.ContainsKey((to.Endpoint, notice.Key)));
            if (seen.Count == 0) return;
            var answer = await SendAsync(to, seen, key, patience.Token, stopping);
            answers.Add(answer);
            // A browser whose service refused a notice would be refused again.
            if (answer.Outcome.Result is not (SendResult.Sent or SendResult.Refused)) return;
            foreach (var notice in seen) _delivered[(to.Endpoint, notice.Key)] = true;
        });
        return answers;
    }

    async Task<PushAnswer> SendAsync(PushSubscriber to, List<PushNotice> notices, PushKey key, CancellationToken patience, CancellationToken stopping)
    {
        try
        {
            return await delivery.SendAsync(to, notices, key, isFrench, patience);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new PushAnswer(new SendOutcome(SendResult.Unclear, $"{new Uri(to.Endpoint).Host} has not answered within {Channel.SendTimeout.TotalSeconds:0} s"));
        }
    }

    // A worker sends one message at a time, and a test has keys of its own: older notices are no longer needed.
    void Forget(List<PushNotice> notices)
    {
        if (notices.Exists(notice => notice.IsTest)) return;
        foreach (var old in _delivered.Keys.Where(done => !notices.Exists(notice => notice.Key == done.Notice))) _delivered.TryRemove(old, out _);
    }

    static SendOutcome OutcomeOf(IReadOnlyCollection<PushAnswer> answers)
    {
        var failed = answers.Where(answer => answer.Outcome.Result is SendResult.Failed or SendResult.Unclear).Select(answer => answer.Outcome).ToList();
        var refused = answers.Where(answer => answer.Outcome.Result == SendResult.Refused).Select(answer => answer.Outcome).ToList();
        // Never unclear: a repeated notice replaces the first one, and the other browsers must not wait.
        if (failed.Count > 0) return new SendOutcome(SendResult.Failed, ProblemOf(failed, answers.Count), failed.Max(outcome => outcome.RetryAfter));

        return refused.Count == 0 ? SendOutcome.Sent : new SendOutcome(refused.Count == answers.Count ? SendResult.Refused : SendResult.Sent, ProblemOf(refused, answers.Count));
    }

    static string ProblemOf(List<SendOutcome> outcomes, int count) => count == 1 ? outcomes[0].Problem : $"{outcomes[0].Problem} for {outcomes.Count} of {count} browsers";
}
