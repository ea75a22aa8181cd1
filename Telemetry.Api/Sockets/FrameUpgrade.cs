using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Telemetry.Api.Sockets;

/// <summary>Puts a <see cref="FrameStream"/> between a connection and the WebSocket made on it, over HTTP/1.1 and HTTP/2.</summary>
sealed class FrameUpgrade(HttpContext http, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect) : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    public FrameStream? Stream { get; private set; }

    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Must run before the WebSocket middleware.</summary>
    public static void Prepare(HttpContext http)
    {
        var upgrade = new FrameUpgrade(http, http.Features.Get<IHttpUpgradeFeature>(), http.Features.Get<IHttpExtendedConnectFeature>());
        http.Features.Set<IHttpUpgradeFeature>(upgrade);
        if (upgrade.IsExtendedConnect) http.Features.Set<IHttpExtendedConnectFeature>(upgrade);
    }

    public static FrameStream StreamOf(HttpContext http) => ((FrameUpgrade)http.Features.GetRequiredFeature<IHttpUpgradeFeature>()).Stream!;

    public async Task<System.IO.Stream> UpgradeAsync()
    {
        // Slow clients are limited by Broadcast:WriteTimeout instead.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        return Stream = new FrameStream(await upgrade!.UpgradeAsync(), http.Abort);
    }

    public async ValueTask<System.IO.Stream> AcceptAsync()
    {
        // In HTTP/2, all that a socket ever receives is one request body.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize) bodySize.MaxRequestBodySize = null;
        return Stream = new FrameStream(await connect!.AcceptAsync(), AbortStream);
    }

    // A reset of the stream leaves the connection open while the client sends nothing, and the stop waits for each connection, up to 30 s.
    void AbortStream()
    {
        http.Abort();
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        if (lifetime.ApplicationStopping.IsCancellationRequested) http.Features.Get<IConnectionLifetimeFeature>()?.Abort();
    }
}
