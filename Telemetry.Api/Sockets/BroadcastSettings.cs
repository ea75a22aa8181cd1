using System.ComponentModel.DataAnnotations;

namespace Telemetry.Api.Sockets;

/// <summary><c>Broadcast</c>: the sockets that pages listen on.</summary>
sealed class BroadcastSettings
{
    /// <summary>A client that cannot be written to for this long is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "takes a duration as hh:mm:ss, 00:00:01 to 00:10:00")]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clients at once.</summary>
    [Range(1, 1_000_000, ErrorMessage = "takes a number of clients, 1 to 1000000")]
    public int MaxClients { get; init; } = 20_000;

    /// <summary>Of them, from one address, or one /64 of IPv6. The machine's own are not limited: there a proxy may stand for everybody.</summary>
    [Range(1, 1_000_000, ErrorMessage = "takes a number of clients, 1 to 1000000")]
    public int MaxClientsPerAddress { get; init; } = 1_000;

    /// <summary>Compress messages for clients that offer it.</summary>
    public bool Compression { get; init; } = true;
}
