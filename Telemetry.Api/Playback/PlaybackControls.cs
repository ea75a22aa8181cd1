namespace Telemetry.Api.Playback;

/// <summary>What a viewer has asked for and nobody has seen to yet. Later commands take the place of earlier ones: however many come, there is one. Thread-safe.</summary>
sealed class PlaybackControls
{
    readonly Lock _gate = new();
    TaskCompletionSource _change = Fresh();
    PlaybackCommand _command;

    /// <summary>Adds a command.</summary>
    public void Set(PlaybackCommand command)
    {
        lock (_gate)
        {
            _command = _command.And(command);
            _change.TrySetResult();
        }
    }

    /// <summary>Takes what has come; nothing of it is left.</summary>
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

    /// <summary>Waits for a command. For whoever takes them only.</summary>
    /// <param name="most">The longest wait.</param>
    /// <param name="cancelled">Nobody waits any more.</param>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancelled)
    {
        await _change.Task.WaitAsync(most, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancelled.ThrowIfCancellationRequested();
    }

    static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
