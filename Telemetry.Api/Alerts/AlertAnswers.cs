using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>Result of an acknowledgement or snooze.</summary>
enum AnswerResult
{
    Done,

    /// <summary>The alert is over.</summary>
    Over,

    /// <summary>The alert is another server's, and the store is away.</summary>
    StoreAway,
}

/// <summary>Acknowledges and snoozes alerts, of this server or of another one on the same store. Thread-safe.</summary>
sealed class AlertAnswers(AlertLog alerts, AlertTable table, StoreAndForward keeper, ReadingStore store, StoreChanges changes)
{
    static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Changes an open alert.</summary>
    /// <param name="id">The alert.</param>
    /// <param name="change">Gives it as it is to be.</param>
    /// <returns>The result, and the alert after it.</returns>
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

        // Its server finds the change in the store.
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
            // It is shown here later.
        }
    }
}
