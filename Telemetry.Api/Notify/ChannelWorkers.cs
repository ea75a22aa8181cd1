namespace Telemetry.Api.Notify;

sealed class ChannelWorkers(IReadOnlyList<ChannelWorker> all) : IDisposable
{
    public IReadOnlyList<ChannelWorker> All => all;

    public ChannelWorker? Find(string channel) => all.FirstOrDefault(worker => worker.Channel.Name == channel);

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
