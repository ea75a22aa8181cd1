namespace Telemetry.Api.Playback;

/// <summary>Pending command of a viewer. A later one is merged into it, so there is at most one. Thread-safe.</summary>
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

    public async Task WaitAsync(TimeSpan max, CancellationToken cancelled)
    {
        await _change.Task.WaitAsync(max, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelled.ThrowIfCancellationRequested();
    }

    static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
