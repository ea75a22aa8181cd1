using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Telemetry.Tests.Support;

/// <summary>An HTTP proxy in front of a server that forwards every request but those for a WebSocket.</summary>
sealed class UpgradeRefusingProxy : IAsyncDisposable
{
    static readonly string[] NotForwarded = ["Transfer-Encoding", "Connection", "Keep-Alive"];

    readonly WebApplication _app;
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    readonly Uri _server;
    readonly int? _refusal;

    UpgradeRefusingProxy(WebApplication app, Uri server, int? refusal) => (_app, _server, _refusal) = (app, server, refusal);

    public Uri Address => new(_app.Urls.First());

    /// <param name="server">Where requests are forwarded to.</param>
    /// <param name="refusal">Status of the answer to an upgrade; null: the connection is closed.</param>
    public static async Task<UpgradeRefusingProxy> Start(Uri server, int? refusal)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var proxy = new UpgradeRefusingProxy(app, server, refusal);
        app.Run(proxy.Forward);
        await app.StartAsync();
        return proxy;
    }

    async Task Forward(HttpContext http)
    {
        if (http.Request.Headers.Upgrade.Count > 0)
        {
            if (_refusal is { } status) http.Response.StatusCode = status;
            else http.Abort();
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_server, http.Request.Path + http.Request.QueryString));
        foreach (var (name, value) in http.Request.Headers.Where(header => header.Key is "Accept" or "Cookie" or "Accept-Encoding")) request.Headers.TryAddWithoutValidation(name, [.. value]);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !NotForwarded.Contains(header.Key))) http.Response.Headers[name] = values.ToArray();
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (HttpRequestException)
        {
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
    }
}
