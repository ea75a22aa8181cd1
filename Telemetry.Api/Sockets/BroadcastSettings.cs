using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Sockets;

sealed class BroadcastSettings
{
    /// <summary>Disconnect a client that accepts no data for this long.</summary>
    [Duration("00:00:01", "00:10:00", ErrorMessage = "takes a duration as hh:mm:ss, 00:00:01 to 00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Range(1, 1_000_000, ErrorMessage = "takes a number of clients, 1 to 1000000")]
    public int MaxClients { get; set; } = 20_000;

    /// <summary>Maximum clients per address (IPv6: per /64). Loopback is not limited: a reverse proxy may stand behind it.</summary>
    [Range(1, 1_000_000, ErrorMessage = "takes a number of clients, 1 to 1000000")]
    public int MaxClientsPerAddress { get; set; } = 1_000;

    public bool Compression { get; set; } = true;
}

[OptionsValidator]
sealed partial class BroadcastValidator : IValidateOptions<BroadcastSettings>;
