namespace Telemetry.Api.Playback;

/// <summary>A later command is merged into a pending one, so there is at most one. Thread-safe.</summary>
sealed class PlaybackControls
{
    readonly Lock _gate = new();
    TaskCompletionSource _change = Fresh();
    PlaybackCommand _command;

    public void Set(PlaybackCommand command)
    {
        lock (_gate)
        {
            _command = _command.And(command);
            _change.TrySetResult();
        }
    }

    public PlaybackCommand Take()
    {
        lock (_gate)
        {
            var command = _command;
            _command = default;
            if (_change.Task.IsCompleted) _change = Fresh();
            return command;
        }
    }

    /// <summary>Only for the caller of <see cref="Take"/>.</summary>
    public async Task WaitAsync(TimeSpan max, CancellationToken cancelled)
    {
        await _change.Task.WaitAsync(max, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelled.ThrowIfCancellationRequested();
    }

    static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
