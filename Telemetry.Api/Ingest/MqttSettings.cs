using System.ComponentModel.DataAnnotations;
using System.Net;
using MQTTnet;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary><c>Mqtt</c>: the broker to take messages from.</summary>
sealed class MqttSettings
{
    const string TopicFilterTakes = "takes an MQTT topic filter of fixed levels and a wildcard, such as wican/#";

    /// <summary>Name or address of an outside broker; empty: the embedded one is used.</summary>
    public string Host { get; init; } = "";

    /// <summary>TCP port of the outside broker.</summary>
    [Range(1, 65535, ErrorMessage = "takes a TCP port, 1 to 65535")]
    public int Port { get; init; } = 1883;

    /// <summary>User name at the outside broker; empty: none.</summary>
    public string Username { get; init; } = "";

    /// <summary>Password at the outside broker.</summary>
    public string Password { get; init; } = "";

    /// <summary>Whether the connection is TLS; the broker's certificate must be valid for <see cref="Host"/>.</summary>
    public bool UseTls { get; init; }

    /// <summary>The MQTT topic filter of the dongles. Levels before its first wildcard are the prefix of their topics.</summary>
    [Required(ErrorMessage = TopicFilterTakes)]
    [RegularExpression(@"^(\$share/[^/+#]+/)?([^/+#]+/)+(#|\+/#|\+)$", ErrorMessage = TopicFilterTakes)]
    public string TopicFilter { get; init; } = "wican/#";

    /// <summary>The MQTT client id; empty: one that is stable for this machine and data folder.</summary>
    [RegularExpression("^[0-9A-Za-z_-]*$", ErrorMessage = "takes letters, digits, - and _")]
    public string ClientId { get; init; } = "";

    /// <summary>What every topic begins with, <c>wican/</c> by default.</summary>
    public string TopicPrefix => TopicFilters.PrefixOf(TopicFilter);

    /// <summary>How to reach the broker in use: the outside one, or, where there is none, the embedded one.</summary>
    public MqttClientOptionsBuilder ConnectionOptions(BrokerSettings embedded)
    {
        var (host, port, username, password) = Host != ""
            ? (Host, Port, Username, Password)
            : (embedded.ReachableAddress, embedded.Port, embedded.Username, embedded.Password);
        var options = new MqttClientOptionsBuilder().WithTcpServer(host, port).WithTimeout(TimeSpan.FromSeconds(10));
        if (username != "") options.WithCredentials(username, password);
        if (Host != "" && UseTls) options.WithTlsOptions(tls => tls.UseTls());
        return options;
    }
}

/// <summary><c>Broker</c>: the embedded broker, in use while <c>Mqtt:Host</c> is empty.</summary>
sealed class BrokerSettings : IValidatableObject
{
    /// <summary>Address to listen on.</summary>
    [RegularExpression(@"^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$",
        ErrorMessage = "takes an IP address, such as 127.0.0.1 or 0.0.0.0")]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port to listen on.</summary>
    [Range(1, 65535, ErrorMessage = "takes a TCP port, 1 to 65535")]
    public int Port { get; init; } = 1883;

    /// <summary>The one user that may connect; empty: everybody, which only a loopback address allows.</summary>
    public string Username { get; init; } = "";

    /// <summary>That user's password.</summary>
    public string Password { get; init; } = "";

    /// <summary>Where a client on this machine finds the broker.</summary>
    public string ReachableAddress => IPAddress.Parse(Address) is var address && address.Equals(IPAddress.Any) ? "127.0.0.1"
        : address.Equals(IPAddress.IPv6Any) ? "::1" : Address;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out var address))
        {
            yield return new ValidationResult("takes an IP address, such as 127.0.0.1 or 0.0.0.0", [nameof(Address)]);
        }
        else if (!IPAddress.IsLoopback(address) && (Username == "" || Password == ""))
        {
            yield return new ValidationResult(
                "takes a loopback address such as 127.0.0.1 unless Broker:Username and Broker:Password are set", [nameof(Address)]);
        }
        else if (Username == "" != (Password == ""))
        {
            yield return new ValidationResult("goes with Broker:Password: set both or neither", [nameof(Username)]);
        }
    }
}
