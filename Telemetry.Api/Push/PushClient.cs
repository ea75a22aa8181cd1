using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;
using Telemetry.Api.Notify;
using Telemetry.Core.Notifications;
using PushMessage = Telemetry.Core.Notifications.PushMessage;

namespace Telemetry.Api.Push;

/// <summary>Sends messages to push services in the name of one key and contact: encrypted by RFC 8291, signed by RFC 8292.</summary>
sealed class PushClient : IDisposable
{
    const int MaxDetail = 200;

    readonly VapidAuthentication _authentication;
    readonly HttpClient _http;
    readonly PushServiceClient _client;

    public PushClient(PushTransport transport, PushKey key, string? contact)
    {
        _authentication = new VapidAuthentication(key.Public, key.Private) { Subject = contact, TokenCache = new Tokens() };
        _http = new HttpClient(new PushRequestHandler(transport, _authentication.GetVapidSchemeAuthenticationHeaderValueParameter)) { Timeout = Timeout.InfiniteTimeSpan };
        // The library would wait for any Retry-After by itself; the channel schedules its retries.
        _client = new PushServiceClient(_http) { DefaultAuthentication = _authentication, AutoRetryAfter = false, MaxRetriesAfter = 1 };
    }

    /// <summary>Sends a message. Throws nothing except when <paramref name="patience"/> ends the attempt.</summary>
    public async Task<PushAnswer> SendAsync(PushSubscriber to, PushMessage message, CancellationToken patience)
    {
        var host = new Uri(to.Endpoint).Host;
        try
        {
            var subscription = new PushSubscription { Endpoint = to.Endpoint };
            subscription.SetKey(PushEncryptionKeyName.P256DH, to.P256dh);
            subscription.SetKey(PushEncryptionKeyName.Auth, to.Auth);
            await _client.RequestPushMessageDeliveryAsync(subscription, new Lib.Net.Http.WebPush.PushMessage(message.Json)
            {
                TimeToLive = (int)message.Lifetime.TotalSeconds,
                Topic = message.Topic,
                Urgency = message.IsUrgent ? PushMessageUrgency.High : PushMessageUrgency.Normal,
            }, patience);
            return new PushAnswer(SendOutcome.Sent);
        }
        catch (PushServiceClientException error)
        {
            var status = (int)error.StatusCode;
            if (status is >= 200 and < 300) return new PushAnswer(SendOutcome.Sent); // The library knows three of them.
            var detail = new string([.. error.Body.Trim().Take(MaxDetail).Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
            var outcome = new SendOutcome(RetryPlan.IsRefusal(status) ? SendResult.Refused : SendResult.Failed, $"{host} has answered {status}{(detail == "" ? "" : $" ({detail})")}", WebhookSender.RetryAfter(error.Headers));
            return new PushAnswer(outcome, IsGone: error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone);
        }
        catch (HttpRequestException error)
        {
            return new PushAnswer(WebhookSender.OutcomeOf(error, host));
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return new PushAnswer(new SendOutcome(SendResult.Refused, $"the browser's keys cannot be used ({error.Message})"));
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _authentication.Dispose();
    }

    /// <summary>Signed tokens per push service, reused for half of their lifetime: Apple accepts no more than one new token an hour.</summary>
    sealed class Tokens : IVapidTokenCache
    {
        static readonly TimeSpan MinLeft = TimeSpan.FromHours(6);

        readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _tokens = new();

        public void Put(string audience, DateTimeOffset expiration, string token) => _tokens[audience] = (token, expiration);

        public string? Get(string audience) => _tokens.TryGetValue(audience, out var known) && known.Until - DateTimeOffset.UtcNow > MinLeft ? known.Token : null;
    }
}

/// <summary>Answer of a push service. <paramref name="IsGone"/>: the subscription has ended.</summary>
sealed record PushAnswer(SendOutcome Outcome, bool IsGone = false);
