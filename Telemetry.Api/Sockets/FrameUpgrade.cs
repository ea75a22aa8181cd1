using Microsoft.AspNetCore.Http.Features;

namespace Telemetry.Api.Sockets;

/// <summary>Puts a <see cref="FrameStream"/> between a connection and the WebSocket made on it, over HTTP/1.1 and HTTP/2.</summary>
sealed class FrameUpgrade(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, IHttpMaxRequestBodySizeFeature? bodySize) : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    /// <summary>How often a peer is asked whether it is still there.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long it has to answer; then it is gone.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The stream, once the connection is upgraded.</summary>
    public FrameStream? Stream { get; private set; }

    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Prepares a request, before the WebSocket middleware sees it.</summary>
    public static void Prepare(HttpContext http)
    {
        var upgrade = new FrameUpgrade(http.Features.Get<IHttpUpgradeFeature>(), http.Features.Get<IHttpExtendedConnectFeature>(), http.Features.Get<IHttpMaxRequestBodySizeFeature>());
        http.Features.Set<IHttpUpgradeFeature>(upgrade);
        if (upgrade.IsExtendedConnect) http.Features.Set<IHttpExtendedConnectFeature>(upgrade);
    }

    /// <summary>The stream of an accepted request.</summary>
    public static FrameStream StreamOf(HttpContext http) => ((FrameUpgrade)http.Features.GetRequiredFeature<IHttpUpgradeFeature>()).Stream!;

    public async Task<System.IO.Stream> UpgradeAsync() => Stream = new FrameStream(await upgrade!.UpgradeAsync());

    public async ValueTask<System.IO.Stream> AcceptAsync()
    {
        // In HTTP/2 all that a socket ever receives is the body of its request.
        if (bodySize is { IsReadOnly: false }) bodySize.MaxRequestBodySize = null;
        return Stream = new FrameStream(await connect!.AcceptAsync());
    }
}
