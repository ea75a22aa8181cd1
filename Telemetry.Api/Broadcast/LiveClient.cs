using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>A client of the live messages: a cursor into the frames of its audience.</summary>
sealed class LiveClient(Connection connection, Hub hub, SenderPool senders, Subscription subscription) : Client(connection, Limits)
{
    static readonly InboundLimits Limits = new(MaxBytes: 4096, MaxPerMinute: 60, Enabled: false, CloseReason.MessageTooBig, CloseReason.TooManyMessages);

    Audience? _audience;
    AudienceShard? _shard;
    long _cursor;
    long _joinedAt; // Last position of its snapshot.
    bool _keepsUp;

    protected override Task ServeAsync(CancellationToken leaving)
    {
        _audience = hub.Join(subscription);
        _shard = _audience.Log.ShardOf(senders.Next(_audience.IsOverflow));
        _shard.Join(this);
        return Task.CompletedTask;
    }

    protected override void OnLeaving()
    {
        _shard!.Leave(this);
        hub.Leave(_audience!);
    }

    /// <summary>Sends the frames after the cursor, unless the last write is still pending. Called only by its sender.</summary>
    public void CatchUp()
    {
        if (_cursor == _audience!.Log.Newest || IsWriting) return;
        var batch = _audience.After(_cursor, _keepsUp);
        Count(batch);
        var write = WriteAsync(batch.Bytes);
        _keepsUp = write.IsCompletedSuccessfully;
        if (!_keepsUp) _ = FinishAsync(write);
        else if (batch.To < batch.Newest) _shard!.MarkDirty();
    }

    void Count(Batch batch)
    {
        if (_joinedAt == 0) _joinedAt = batch.Newest;
        var replaced = _cursor >= _joinedAt ? batch.To - _cursor - batch.Frames : 0;
        _shard!.Sender.Count(batch, replaced);
        _cursor = batch.To;
    }

    async Task FinishAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception error) when (IsDisconnect(error))
        {
            return; // The receive loop observes the disconnect.
        }

        _shard!.MarkDirty();
    }
}
