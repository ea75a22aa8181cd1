namespace Telemetry.Api.Notify;

/// <summary>The workers of all channels.</summary>
sealed class ChannelWorkers(IReadOnlyList<ChannelWorker> all) : IDisposable
{
    public IReadOnlyList<ChannelWorker> All => all;

    /// <summary>The worker of a channel; null where there is none.</summary>
    public ChannelWorker? Find(string channel) => all.FirstOrDefault(worker => worker.Channel.Name == channel);

    /// <summary>Something has changed.</summary>
    public void WakeAll()
    {
        foreach (var worker in all) worker.Wake();
    }

    public void Dispose()
    {
        foreach (var worker in all)
        {
            worker.Dispose();
            (worker.Channel.Sender as IDisposable)?.Dispose();
        }
    }
}
