using Telemetry.Api.Forecasts;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Playback;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Alerts of a recording, as a back-test from its beginning has them; judged only as far as the viewer has come. One caller at a time.</summary>
sealed class RecordedAlerts : IDisposable
{
    // Readings of a turn, some milliseconds of work. A long seek takes many turns, between those of other clients.
    const int TurnSize = 20_000;

    // Flapping rules would fill the memory.
    const int MaxAlerts = 10_000;

    readonly RecordingReplay _replay;
    readonly MergedReadings _messages;
    readonly ForecastReplay? _forecasts;
    readonly JudgingTurns _turns;
    readonly List<AlertNews> _changes = []; // In the order of time.
    readonly Dictionary<int, Alert> _lasting = []; // By rule, as far as it is judged.
    readonly Queue<AlertNews> _open = new();
    Reading[]? _next;
    int _place; // In the changes.

    /// <param name="replay">Must judge alerts already. Disposed with this.</param>
    public RecordedAlerts(RecordingReplay replay, MergedReadings messages, ForecastReplay? forecasts, JudgingTurns turns)
    {
        _replay = replay;
        _messages = messages;
        _forecasts = forecasts;
        _turns = turns;
        replay.Alerts.Subscribe(Add);
    }

    public void Begin(IReadOnlyList<AlertRule> rules) => _replay.SetRules(rules);

    /// <summary>Moves to an instant: <see cref="Take"/> then returns the alerts that are open there, and the changes after it. Judging takes turns with other clients; after a cancellation the next seek continues where it stopped.</summary>
    public async Task SeekAsync(DateTime time, CancellationToken cancelled)
    {
        while (!await TryJudgeInTurnAsync(time, cancelled)) cancelled.ThrowIfCancellationRequested();
        _open.Clear();
        _place = 0;
        var open = new Dictionary<Guid, AlertNews>();
        for (; _place < _changes.Count && _changes[_place].At <= time; _place++)
        {
            var change = _changes[_place];
            if (change.Alert.ClearedAt is null) open[change.Alert.Id] = change;
            else open.Remove(change.Alert.Id);
        }

        foreach (var news in open.Values) _open.Enqueue(news);
    }

    public async ValueTask<DateTime?> NextUntilAsync(DateTime time)
    {
        await TryJudgeAsync(time, int.MaxValue); // From one message of the playback to the next.
        return _place < _changes.Count && _changes[_place].At <= time ? _changes[_place].At : null;
    }

    public AlertNews? Take(DateTime now)
    {
        if (_open.TryDequeue(out var open)) return open;
        return _place < _changes.Count && _changes[_place].At <= now ? _changes[_place++] : null;
    }

    public void Dispose() => _replay.Dispose();

    async Task<bool> TryJudgeInTurnAsync(DateTime time, CancellationToken cancelled)
    {
        try
        {
            using var turn = await _turns.AcquireAsync(cancelled);
            return await Task.Factory.StartNew(() =>
            {
                ReadPriority.Lower();
                return TryJudgeAsync(time, TurnSize).AsTask().GetAwaiter().GetResult(); // The thread is this one's own.
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (TimeoutException)
        {
            return false; // Many others wait too.
        }
    }

    // Includes the readings at the instant itself. False if maxReadings were judged and there are more.
    async ValueTask<bool> TryJudgeAsync(DateTime time, int maxReadings)
    {
        for (var judged = 0; time >= _replay.Now;)
        {
            if (_next is null && _messages.TryTake(out var message)) _next = message;
            if (_next is null && !_messages.IsAtEnd)
            {
                await _messages.FillAsync();
                continue;
            }

            if (_next is null || _next[0].At > time) break;
            if (judged >= maxReadings) return false;
            judged += _next.Length;
            _replay.Feed(_next, _forecasts);
            _next = null;
        }

        _replay.AdvanceTo(time);
        return true;
    }

    void Add(AlertTransition transition)
    {
        if (transition.Change == AlertChange.Fired && _changes.Count < 2 * MaxAlerts)
        {
            var alert = Alert.Of(transition, transition.Rule);
            _lasting[transition.Rule.Id] = alert;
            _changes.Add(new AlertNews(alert, transition.At));
        }

        if (transition.Change == AlertChange.Cleared && _lasting.Remove(transition.Rule.Id, out var over))
            _changes.Add(new AlertNews(over with { ClearedAt = Alert.Whole(transition.At), Peak = transition.Peak ?? over.Peak, Version = over.Version + 1 }, transition.At));
    }
}
