using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using Telemetry.Api.Alerts;
using Telemetry.Api.Notify;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Push;

/// <summary>Sends notices to browsers: to each those of its vehicles. Thread-safe.</summary>
sealed class PushDelivery(PushSubscribers subscribers, PushKeys keys, PushTransport transport, AlertsSettings settings, AlertLog alerts, AckKeys acks) : IDisposable
{
    readonly ConcurrentDictionary<(PushKey Key, string? Contact), PushClient> _clients = new();

    /// <summary>Null: no browser has subscribed yet, or the key cannot be read now.</summary>
    public async Task<PushKey?> KeyAsync(CancellationToken cancelled)
    {
        try
        {
            return await keys.FindAsync(cancelled);
        }
        catch (Exception error) when (error is DbException or TimeoutException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Sends notices that the browser may see, at least one; removes a subscription that has ended. <paramref name="isFrench"/> applies if the browser sent no language.</summary>
    public async Task<PushAnswer> SendAsync(PushSubscriber to, IReadOnlyList<PushNotice> notices, PushKey key, bool isFrench, CancellationToken patience)
    {
        var reader = new PushReader(to.Origin, (to.Language ?? (isFrench ? "fr" : "en")) == "fr", alerts.Open.Count(alert => to.Sees(alert.VehicleId)));
        var message = PushMessage.Of(notices, reader, alert => AckAddress(to, alert));
        var client = _clients.GetOrAdd((key, PushContact.Of(settings.PushSubject, settings.Url, to.Origin)), of => new PushClient(transport, of.Key, of.Contact));
        var answer = await client.SendAsync(to, message, patience);
        if (answer.IsGone) await subscribers.RemoveAsync([to.Endpoint]);
        return answer;
    }

    /// <summary>Problem of the connection to a push service; null: it answers.</summary>
    public async Task<string?> ProblemAsync(Uri endpoint, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(Channel.ConnectTimeout);
        using var invoker = new HttpMessageInvoker(transport.Handler, disposeHandler: false);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, endpoint.GetLeftPart(UriPartial.Authority));
            using var answer = await invoker.SendAsync(request, patience.Token); // Whatever it answers.
            return null;
        }
        catch (HttpRequestException error)
        {
            return WebhookSender.OutcomeOf(error, endpoint.Host).Problem;
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return $"{endpoint.Host} has not answered within {Channel.ConnectTimeout.TotalSeconds:0} s";
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    string AckAddress(PushSubscriber to, Guid alert)
    {
        try
        {
            return $"{to.Origin}/alerts/{alert}/ack?key={acks.Of(alert)}";
        }
        catch (DbException)
        {
            return "";
        }
    }
}
