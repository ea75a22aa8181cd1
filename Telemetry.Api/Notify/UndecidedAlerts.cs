using System.Threading.Channels;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Notify;

/// <summary>Alerts of which it is not decided yet whether they are sent, each with what has become of it meanwhile, in their order. Thread-safe.</summary>
sealed class UndecidedAlerts
{
    readonly Lock _gate = new();
    readonly Dictionary<Guid, int> _counts = [];
    readonly Channel<Alert> _alerts = System.Threading.Channels.Channel.CreateUnbounded<Alert>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes in a new alert that is to be decided on, or a change of one that is here; false where it is neither.</summary>
    public bool TryAdd(Alert alert, bool isNew)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(alert.Id);
            if (count == 0 && !isNew) return false;
            _counts[alert.Id] = count + 1;
        }

        return _alerts.Writer.TryWrite(alert);
    }

    /// <summary>Waits for one.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancelled) => _alerts.Reader.WaitToReadAsync(cancelled);

    /// <summary>Those that have come.</summary>
    public IReadOnlyList<Alert> Read()
    {
        List<Alert> read = [];
        while (_alerts.Reader.TryRead(out var alert)) read.Add(alert);
        return read;
    }

    /// <summary>One that was read is decided on and taken to the channels.</summary>
    public void Remove(Alert alert)
    {
        lock (_gate)
        {
            if (_counts[alert.Id] == 1) _counts.Remove(alert.Id);
            else _counts[alert.Id]--;
        }
    }
}
