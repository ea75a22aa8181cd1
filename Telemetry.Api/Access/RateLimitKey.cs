using System.Net;
using System.Net.Sockets;

namespace Telemetry.Api.Access;

/// <summary>The addresses that a limit counts as one.</summary>
static class RateLimitKey
{
    /// <summary>The key of an address: itself, or in IPv6 its /64, which one household has to itself.</summary>
    /// <returns>Null for this machine, which is not limited: a proxy on it stands for everybody.</returns>
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
