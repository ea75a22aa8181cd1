using System.Net;
using System.Net.Sockets;

namespace Telemetry.Api.Notify;

/// <summary>Connections to servers of the settings, but never to addresses where clouds publish credentials of the machine. Private addresses are allowed, for ntfy and Home Assistant. Checked after name resolution.</summary>
static class SafeConnection
{
    // Metadata services of Alibaba, Azure, Oracle and AWS (IPv6), which are not in the link-local networks.
    static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("fd00:ec2::254")];

    static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16");
    // IPv6 networks whose addresses contain one of IPv4, with its place: NAT64 (RFC 6052, RFC 8215), 6to4, compatible and translated addresses.
    static readonly (IPNetwork Network, int Offset)[] Embedding =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("64:ff9b:1::/48"), 12), (IPNetwork.Parse("2002::/16"), 2), (IPNetwork.Parse("::/96"), 12), (IPNetwork.Parse("::ffff:0:0:0/96"), 12),
    ];

    public static bool IsForbidden(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var (network, offset) in Embedding)
            if (network.Contains(address) && IsForbidden(new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)))) return true;
        return address.IsIPv6LinkLocal || LinkLocal.Contains(address) || Array.Exists(Metadata, address.Equals);
    }

    /// <summary>Throws <see cref="SocketException"/> if the host cannot be connected or is forbidden.</summary>
    public static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancelled)
    {
        var all = IPAddress.TryParse(host, out var given) ? [given] : await Dns.GetHostAddressesAsync(host, cancelled);
        var allowed = Array.FindAll(all, address => !IsForbidden(address));
        if (all.Length > 0 && allowed.Length == 0) throw new ForbiddenAddressException(host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancelled);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>No redirects, no proxy, no cookies.</summary>
    public static HttpClient CreateClient() => new(CreateHandler()) { Timeout = Channel.SendTimeout };

    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = Channel.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // Names move.
        ConnectCallback = async (context, cancelled) => new NetworkStream(await ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancelled), ownsSocket: true),
    };
}

sealed class ForbiddenAddressException(string host) : IOException($"{host} is a link-local address, or one where clouds tell machines their secrets");
