using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

enum AnswerResult
{
    Done,

    Over,

    /// <summary>The alert belongs to another server, and the store is unavailable.</summary>
    StoreAway,
}

/// <summary>Acknowledges and snoozes alerts, of this server or of another one on the same store. Thread-safe.</summary>
sealed class AlertAnswers(AlertLog alerts, AlertTable table, StoreAndForward keeper, ReadingStore store, StoreChanges changes)
{
    static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    public async Task<(AnswerResult Result, Alert? Alert)> ChangeAsync(Guid id, Func<Alert, Alert> change)
    {
        if (alerts.Answer(id, change) is { } known) return await WriteAsync(known);
        await TryPollAsync(); // Another server may have raised it a moment ago.
        return alerts.Answer(id, change) is { } found ? await WriteAsync(found) : (AnswerResult.Over, null);
    }

    async Task<(AnswerResult Result, Alert? Alert)> WriteAsync(AlertAnswer answer)
    {
        if (answer.Durable is { } durable)
        {
            await durable.WaitAsync(WriteTimeout);
            return (AnswerResult.Done, answer.Alert);
        }

        // The server that owns the alert reads the change from the store.
        if (!await keeper.TryChangeAsync(() => store.ChangeAsync([], transaction => table.WriteAnswerAsync(transaction, answer.Alert)))) return (AnswerResult.StoreAway, null);
        await TryPollAsync();
        return (AnswerResult.Done, answer.Alert);
    }

    async Task TryPollAsync()
    {
        try
        {
            await changes.PollAsync();
        }
        catch (DbException)
        {
            // The change is stored; the next sync shows it here.
        }
    }
}
