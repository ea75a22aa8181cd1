using Telemetry.Api.Sockets;

namespace Telemetry.Api.Broadcast;

/// <summary>A client of the live messages, with a cursor into the frames of its audience and one for each kind of message that it requested (others are null).</summary>
sealed class LiveClient(Connection connection, Hub hub, SenderPool senders, Subscription subscription, AlertFrames? alerts = null, VehicleNews? news = null, ForecastFrames? forecasts = null) : Client(connection, Limits)
{
    static readonly InboundLimits Limits = new(MaxBytes: 4096, MaxPerMinute: 60, Enabled: false, CloseReason.MessageTooBig, CloseReason.TooManyMessages);

    Audience? _audience;
    AudienceShard? _shard;
    long _cursor;
    long _joinedAt; // Last position of its snapshot.
    long _alertCursor;
    long _newsCursor;
    long _forecastCursor;
    bool _keepsUp;
    bool _gotOther; // A message besides the frames of the log, since the last of them.

    // After the snapshot, alerts go first, so that no flood of frames delays them.
    bool HasAlerts => alerts is not null && _alertCursor != alerts.Newest && _cursor >= _joinedAt && (_joinedAt > 0 || _audience!.Log.Newest == 0);

    bool HasNews => news is not null && _newsCursor != news.Newest && (_joinedAt > 0 || _audience!.Log.Newest == 0);

    bool HasForecasts => forecasts is not null && _forecastCursor != forecasts.Newest && (_joinedAt > 0 || _audience!.Log.Newest == 0);

    protected override Task ServeAsync()
    {
        _audience = hub.Join(subscription);
        _shard = _audience.Log.ShardOf(senders.Next(_audience.IsOverflow));
        _shard.Join(this);
        alerts?.Join(_shard);
        _newsCursor = news?.Newest ?? 0;
        news?.Join(_shard);
        forecasts?.Join(_shard, subscription.VehicleIds);
        return Task.CompletedTask;
    }

    protected override void OnLeaving()
    {
        forecasts?.Leave(_shard!, subscription.VehicleIds);
        news?.Leave(_shard!);
        alerts?.Leave(_shard!);
        _shard!.Leave(this);
        hub.Leave(_audience!);
    }

    /// <summary>Does nothing while the last write is pending. Called only by its sender.</summary>
    public void CatchUp()
    {
        if (HasAlerts && !IsWriting) SendAlerts();
        if (HasNews && !IsWriting) SendNews();
        if (_cursor != _audience!.Log.Newest && !IsWriting) SendFrames();
        if (HasForecasts && !IsWriting) SendForecasts();
        if ((HasAlerts || HasNews || HasForecasts) && !IsWriting) _shard!.MarkDirty();
    }

    void SendNews()
    {
        _newsCursor = news!.Newest;
        _gotOther = true;
        Send(VehicleNews.Encoded(subscription.Encoding));
    }

    void SendForecasts()
    {
        (_forecastCursor, var frames, var bytes) = forecasts!.After(_forecastCursor, subscription);
        if (frames == 0) return;
        _gotOther = true;
        Send(bytes);
    }

    void SendFrames()
    {
        var batch = _audience!.After(_cursor, _keepsUp, !_gotOther);
        _gotOther = false;
        Count(batch);
        Send(batch.Bytes);
        if (_keepsUp && batch.To < batch.Newest) _shard!.MarkDirty();
    }

    void SendAlerts()
    {
        var batch = alerts!.After(_alertCursor, _keepsUp, subscription);
        _alertCursor = batch.To;
        if (batch.Frames == 0) return;
        _gotOther = true;
        _shard!.Sender.Count(batch, 0);
        Send(batch.Bytes);
    }

    void Send(byte[] bytes)
    {
        var write = WriteAsync(bytes);
        _keepsUp = write.IsCompletedSuccessfully;
        if (!_keepsUp) _ = FinishAsync(write);
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
