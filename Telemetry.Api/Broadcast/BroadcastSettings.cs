using System.ComponentModel.DataAnnotations;

namespace Telemetry.Api.Broadcast;

/// <summary><c>Broadcast</c>: the sockets that pages listen on.</summary>
sealed class BroadcastSettings
{
    /// <summary>A client that cannot be written to for this long is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "takes a duration as hh:mm:ss, 00:00:01 to 00:10:00")]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
