using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>A client of the live messages: where it stands among the frames of its audience.</summary>
sealed class LiveClient(Connection connection, Hub hub, SenderPool senders, Subscription subscription) : Client(connection, Quiet)
{
    static readonly InboundLimits Quiet = new(Longest: 4096, Most: 60, IsHeard: false, CloseReason.MessageTooBig, CloseReason.TooManyMessages);

    Audience? _audience;
    AudienceShard? _section;
    long _cursor;
    long _joinedAt; // Frames up to here were its snapshot.
    bool _keepsUp;

    protected override Task ServeAsync(CancellationToken leaving)
    {
        _audience = hub.Join(subscription);
        _section = _audience.Log.Section(senders.Next(_audience.IsAside));
        _section.Join(this);
        return Task.CompletedTask;
    }

    protected override void OnLeaving()
    {
        _section!.Leave(this);
        hub.Leave(_audience!);
    }

    /// <summary>Sends what is behind the client's cursor, unless it is still taking what was sent before. For its sender only.</summary>
    public void CatchUp()
    {
        if (_cursor == _audience!.Log.Newest || IsWriting) return;
        var batch = _audience.Behind(_cursor, _keepsUp);
        Count(batch);
        var write = WriteAsync(batch.Bytes);
        _keepsUp = write.IsCompletedSuccessfully;
        if (!_keepsUp) _ = FinishAsync(write);
        else if (batch.To < batch.Newest) _section!.MarkDirty();
    }

    void Count(Batch batch)
    {
        if (_joinedAt == 0) _joinedAt = batch.Newest;
        var replaced = _cursor >= _joinedAt ? batch.To - _cursor - batch.Frames : 0;
        _section!.Sender.Count(batch, replaced);
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
            return; // Who listens will notice.
        }

        _section!.MarkDirty();
    }
}
