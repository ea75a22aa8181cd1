using System.Threading.Channels;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Notify;

/// <summary>Alerts for which sending is not decided yet, each with its changes since, in order of arrival. Thread-safe.</summary>
sealed class UndecidedAlerts
{
    readonly Lock _gate = new();
    readonly Dictionary<Guid, int> _counts = [];
    readonly Channel<Alert> _alerts = System.Threading.Channels.Channel.CreateUnbounded<Alert>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Adds an alert if it is new or already here; false otherwise.</summary>
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

    public ValueTask<bool> WaitAsync(CancellationToken cancelled) => _alerts.Reader.WaitToReadAsync(cancelled);

    public IReadOnlyList<Alert> Read()
    {
        List<Alert> read = [];
        while (_alerts.Reader.TryRead(out var alert)) read.Add(alert);
        return read;
    }

    /// <summary>Ends the wait of an alert whose decision the channels have.</summary>
    public void Remove(Alert alert)
    {
        lock (_gate)
        {
            if (_counts[alert.Id] == 1) _counts.Remove(alert.Id);
            else _counts[alert.Id]--;
        }
    }
}
