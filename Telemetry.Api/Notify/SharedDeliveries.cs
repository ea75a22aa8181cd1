using System.Threading.Channels;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Notify;

/// <summary>Delivery progress in the store, so that a server that takes over sends nothing twice. The spool has it first. A server with an embedded broker has no successor and writes nothing. Thread-safe.</summary>
sealed class SharedDeliveries(ReadingsSource source, ToldAlertTable table, StoreAndForward keeper, ReadingStore store, LoopWatch loops) : BackgroundService
{
    static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);

    readonly Channel<ToldAlert> _told = System.Threading.Channels.Channel.CreateUnbounded<ToldAlert>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(DeliveryRow delivery)
    {
        if (source.Name is not null)
            _told.Writer.TryWrite(new ToldAlert(delivery.AlertId, delivery.Channel, delivery.Cursor.SentVersion, delivery.Cursor.SentAt, delivery.Cursor.Reminders, delivery.IsGivenUp, delivery.Error));
    }

    public void AddMuted(Guid alert) => Add(new DeliveryRow(alert, "", DeliveryCursor.None, IsGivenUp: false, Error: null));

    /// <summary>Empty if the store stays unavailable.</summary>
    public async Task<ILookup<Guid, ToldAlert>> ReadAsync(IReadOnlyList<Guid> alerts, CancellationToken stopping)
    {
        IReadOnlyList<ToldAlert> told = [];
        if (source.Name is null || !keeper.Opened.IsCompleted) return told.ToLookup(row => row.AlertId);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(ReadPatience);
        var backoff = new Backoff();
        while (!patience.IsCancellationRequested && !await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction => told = await table.ReadAsync(transaction, alerts))))
            await Task.Delay(backoff.Next(), patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return told.ToLookup(row => row.AlertId);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the loop that shares deliveries", async () =>
    {
        List<ToldAlert> told = [];
        while (await _told.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_told.Reader.TryRead(out var row)) told.Add(row);
            var backoff = new Backoff();
            while (!await keeper.TryChangeAsync(() => store.ChangeAsync([], transaction => table.WriteAsync(transaction, told)))) await keeper.WaitForRetryAsync(backoff, stoppingToken);
            told.Clear();
        }
    }, stoppingToken);
}
