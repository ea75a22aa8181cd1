using System.Net;
using System.Net.Sockets;

namespace Telemetry.Api.Access;

static class RateLimitKey
{
    /// <summary>The address, for IPv6 its /64, which usually belongs to one household. Null for loopback, which is not limited: a reverse proxy may stand behind it.</summary>
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
