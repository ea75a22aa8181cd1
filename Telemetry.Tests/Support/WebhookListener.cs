using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Telemetry.Tests.Support;

/// <summary>A message that a webhook has got.</summary>
sealed record Posted(string Path, IReadOnlyDictionary<string, string> Headers, string Body, double Seconds)
{
    public string Id => Headers.GetValueOrDefault("webhook-id", "");

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A web server that keeps what is posted to it, and answers as a test wants.</summary>
sealed class WebhookListener : IAsyncDisposable
{
    readonly ConcurrentQueue<Posted> _posted = new();
    readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly CancellationTokenSource _stopped = new();
    WebApplication? _app;

    public int Port { get; } = Ports.Free();

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Everything, in the order of its arrival; tries that were refused too.</summary>
    public IReadOnlyList<Posted> Posts => [.. _posted];

    public static async Task<WebhookListener> Start()
    {
        var listener = new WebhookListener();
        await listener.Resume();
        return listener;
    }

    public async Task Resume()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Address);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.None);
        _app = builder.Build();
        _app.Run(Answer);
        await _app.StartAsync();
    }

    /// <summary>The port answers no more.</summary>
    public async Task Stop()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>The next answers, one each; after them 200.</summary>
    public WebhookListener Then(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            _answers.Enqueue(http =>
            {
                http.Response.StatusCode = status;
                if (status is 301 or 302 or 307) http.Response.Headers.Location = $"{Address}/elsewhere";
                return Task.CompletedTask;
            });
        }

        return this;
    }

    /// <summary>The next answer.</summary>
    public WebhookListener Then(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>The next one is not answered.</summary>
    public WebhookListener ThenHang() => Then(http => Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopped.Token).Token).ContinueWith(_ => { }, TaskScheduler.Default));

    /// <summary>Waits for so many.</summary>
    public async Task<IReadOnlyList<Posted>> Got(int count, TimeSpan? within = null)
    {
        await Eventually.Holds($"the listener has {count} messages (it has {_posted.Count})", () => _posted.Count >= count, within);
        return Posts;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await Stop();
        _stopped.Dispose();
    }

    async Task Answer(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        _posted.Enqueue(new Posted(http.Request.Path, http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body, _clock.Elapsed.TotalSeconds));
        if (_answers.TryDequeue(out var answer)) await answer(http);
    }
}
