using System.Data.Common;
using System.Diagnostics;
using Telemetry.Api.Alerts;
using Telemetry.Api.Forecasts;
using Telemetry.Api.Queries;
using Telemetry.Api.Replay;
using Telemetry.Api.Sockets;
using Telemetry.Api.Store;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Playback;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Playback;

/// <summary>Playback requested by a viewer. The end is not later than now; the speed is recorded time per viewer's time. <c>SkipsGaps</c> skips the rest of a silence once the vehicle is offline.</summary>
sealed record PlaybackRequest(
    Vehicle Vehicle, RecordedSignals Signals, TimeRange Range, DateTime End, double Speed, bool SkipsGaps, SignalChoice Shown, TimeSpan Interval, bool ShowsAlerts, RecordedForecasts? Forecasts = null);

/// <summary>Client of a playback, paced by the rate at which it accepts messages: nothing is read or encoded before it has accepted the last one.</summary>
sealed partial class PlaybackClient(Connection connection, PlaybackRequest request, ReplayOpener recordings, Backtests backtests, Clients clients, ILogger<PlaybackClient> log)
    : Client(connection, Commands)
{
    static readonly InboundLimits Commands = new(MaxBytes: 4096, MaxPerMinute: 3000, Enabled: true, CloseReason.CommandTooBig, CloseReason.TooManyCommands);

    /// <summary>A dragged scrubber requests more positions than anybody can see.</summary>
    static readonly TimeSpan MinSeekInterval = TimeSpan.FromMilliseconds(40);

    /// <summary>Resolution of timers.</summary>
    static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    readonly PlaybackControls _controls = new();
    readonly long _startedAt = Stopwatch.GetTimestamp();
    Frame? _sent;
    RecordedAlerts? _alerts;
    ShownForecasts? _forecasts;

    TimeSpan Now => Stopwatch.GetElapsedTime(_startedAt);

    protected override void OnMessage(ReadOnlyMemory<byte> message)
    {
        if (PlaybackCommand.Parse(message, request.Range, out var command) is { } wrong) Close(CloseReason.BadCommand(wrong));
        else _controls.Set(command);
    }

    protected override Task ServeAsync() => PlayAsync(TokenOfLeaving());

    async Task PlayAsync(CancellationToken leaving)
    {
        recordings.Enter();
        try
        {
            if (request.ShowsAlerts) _alerts = await backtests.OpenAsync(request.Vehicle, request.Signals, request.Range with { To = request.End }, leaving);
            if (request.Forecasts is not null) _forecasts = new ShownForecasts(request.Vehicle, request.Forecasts, leaving);
            var pace = new PlaybackPace(request.Range.From, request.Speed, isPaused: false, Now);
            DateTime? position = request.Range.From;
            while (position is { } from)
            {
                var beganAt = Now;
                position = await PlayFromAsync(from, pace, leaving);
                if (position is null || beganAt + MinSeekInterval - Now is not { Ticks: > 0 } rest) continue;
                await Task.Delay(rest, leaving);
                position = Apply(_controls.Take(), pace) ?? position;
            }

            Close(CloseReason.EndOfRecording);
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            Log.StoreUnavailable(log, DbErrorText.Summarize(error));
            Close(CloseReason.StoreAway);
        }
        finally
        {
            recordings.Exit();
            _alerts?.Dispose();
        }
    }

    // Returns the next seek position; null at the end.
    async Task<DateTime?> PlayFromAsync(DateTime position, PlaybackPace pace, CancellationToken leaving)
    {
        var (replay, ahead) = await recordings.OpenAsync(request.Vehicle, request.Signals, position < request.End ? position : request.End, request.End, leaving);
        using var playing = replay;
        using var paced = new PacedReplay(replay, request.Interval);
        pace.JumpTo(replay.Now, Now);
        paced.Begin(pace.Speed);
        await ShowAsync(paced, leaving);
        if (_alerts is not null && await SeekAlertsAsync(_alerts, replay.Now, pace, leaving) is { } other) return other;
        paced.SetSpeed(pace.Speed);
        while (true)
        {
            await ShowAsync(paced, leaving);
            await ShowAlertsAsync(replay.Now, leaving);
            if (_forecasts is not null) await ShowForecastsAsync(_forecasts, replay.Now, leaving);
            if (_controls.Take() is var command && command != default)
            {
                if (Apply(command, pace) is { } sought) return sought;
                paced.SetSpeed(pace.Speed);
            }
            else if (pace.IsPaused)
            {
                await _controls.WaitAsync(Timeout.InfiniteTimeSpan, leaving);
            }
            else if (!await StepAsync(replay, ahead, pace, leaving))
            {
                paced.Flush();
                await ShowAsync(paced, leaving);
                await ShowAlertsAsync(replay.Now, leaving);
                return null;
            }
        }
    }

    // Waits for the next message, or plays it if it is due. False at the end.
    async Task<bool> StepAsync(RecordingReplay replay, RecordingCursor ahead, PlaybackPace pace, CancellationToken leaving)
    {
        var message = await ahead.PeekAsync(leaving);
        var heardAt = message?[0].At ?? request.End;
        var isDue = replay.NextDue < heardAt;
        var next = isDue ? replay.NextDue!.Value : heardAt;
        if (_alerts is not null && await _alerts.NextUntilAsync(next) is { } alertAt && alertAt < next) (isDue, next) = (false, alertAt);
        if (request.SkipsGaps && !isDue && IsGap(replay.Snapshot, next)) pace.JumpTo(next, Now);
        var wait = pace.Until(next, Now);
        if (wait >= MinWait)
        {
            await _controls.WaitAsync(wait < MaxWait ? wait : MaxWait, leaving);
            return true;
        }

        pace.Advance(next, Now);
        replay.AdvanceTo(next);
        if (next < heardAt) return true;
        if (message is null) return false;
        replay.Feed(message);
        ahead.Take();
        return true;
    }

    // Judging up to a distant position may take seconds. Another seek ends it, and is returned.
    async Task<DateTime?> SeekAlertsAsync(RecordedAlerts alerts, DateTime position, PlaybackPace pace, CancellationToken leaving)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        var seeking = alerts.SeekAsync(position, ending.Token);
        DateTime? other = null;
        while (other is null && !seeking.IsCompleted)
        {
            await Task.WhenAny(seeking, _controls.WaitAsync(Timeout.InfiniteTimeSpan, ending.Token));
            if (_controls.Take() is var command && command != default) other = Apply(command, pace);
        }

        await ending.CancelAsync(); // Of one that is over, only its wait for a command ends.
        await seeking.ConfigureAwait(other is null ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.SuppressThrowing);
        pace.JumpTo(position, Now);
        return other;
    }

    DateTime? Apply(PlaybackCommand command, PlaybackPace pace)
    {
        if (command.Speed is not null || command.Pause is not null) pace.Change(command.Speed ?? pace.Speed, command.Pause ?? pace.IsPaused, Now);
        return command.Seek;
    }

    static bool IsGap(VehicleSnapshot snapshot, DateTime next) =>
        snapshot.State == VehicleState.Offline && (!snapshot.IsHeard || next - snapshot.Timestamp >= snapshot.Presence.OfflineAfter);

    async Task ShowAsync(PacedReplay paced, CancellationToken leaving)
    {
        while (paced.Take() is { } snapshot)
        {
            var frame = new Frame(snapshot, isNews: false, request.Shown);
            var bytes = frame.Encoded(Encoding, _sent);
            leaving.ThrowIfCancellationRequested();
            await WriteAsync(bytes);
            clients.CountAlone(bytes.Length);
            _sent = frame;
        }
    }

    async Task ShowAlertsAsync(DateTime now, CancellationToken leaving)
    {
        while (_alerts?.Take(now) is { } news)
        {
            var payload = AlertMessage.Serialize(news.Alert, news.At);
            var bytes = Encoding == FrameEncoding.Plain ? Frame.Plain(payload) : Frame.Deflated(payload);
            leaving.ThrowIfCancellationRequested();
            await WriteAsync(bytes);
            clients.CountAlone(bytes.Length);
            _sent = null; // The next frame cannot refer to the one before this.
        }
    }

    async Task ShowForecastsAsync(ShownForecasts forecasts, DateTime now, CancellationToken leaving)
    {
        if (await forecasts.TakeAsync(now, Now) is not { } payload) return;
        var bytes = Encoding == FrameEncoding.Plain ? Frame.Plain(payload) : Frame.Deflated(payload);
        leaving.ThrowIfCancellationRequested();
        await WriteAsync(bytes);
        clients.CountAlone(bytes.Length);
        _sent = null; // As after an alert.
    }

    static partial class Log
    {
        [LoggerMessage(700, LogLevel.Warning, "A playback has ended because the store cannot be read: {Problem}")]
        public static partial void StoreUnavailable(ILogger log, string problem);
    }
}
