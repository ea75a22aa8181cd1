namespace Telemetry.Cluster;

/// <summary>This instance as the receiver of the broker's messages. Thread-safe.</summary>
sealed class ReceiverState
{
    readonly Lock _gate = new();
    long _epoch;

    /// <summary>0: another instance is the receiver.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>Null: another instance is the receiver.</summary>
    public Router? Router { get; private set; }

    public void Start(long epoch, Router router)
    {
        lock (_gate) (_epoch, Router) = (epoch, router);
    }

    public void Stop(long epoch)
    {
        lock (_gate)
        {
            if (_epoch == epoch) (_epoch, Router) = (0, null);
        }
    }
}
