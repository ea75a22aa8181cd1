using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Telemetry.Tests.Support;

/// <summary>OpenTelemetry collector that keeps all it receives as text: names and attributes are readable in it.</summary>
sealed class TraceCollector : IAsyncDisposable
{
    readonly ConcurrentQueue<string> _bodies = new();
    readonly WebApplication _app;

    TraceCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        });
    }

    public string Address => _app.Urls.First();

    public string Received => string.Concat(_bodies);

    public static async Task<TraceCollector> Start()
    {
        var collector = new TraceCollector();
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
