using System.Net;
using System.Net.Sockets;

namespace Telemetry.Api.Access;

/// <summary>Key that groups addresses for rate limits.</summary>
static class RateLimitKey
{
    /// <summary>The address itself; for IPv6 its /64, which usually belongs to one household.</summary>
    /// <returns>Null for loopback, which is not limited: a reverse proxy may stand behind it.</returns>
    public static IPAddress? Of(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address)) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
