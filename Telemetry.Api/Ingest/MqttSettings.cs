using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using MQTTnet;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary><c>Mqtt</c>: the broker to take messages from.</summary>
sealed class MqttSettings : IValidatableObject
{
    const string TopicFilterTakes = "takes an MQTT topic filter of fixed levels and a wildcard, such as wican/#";

    /// <summary>Empty: the embedded broker is used.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535, ErrorMessage = "takes a TCP port, 1 to 65535")]
    public int Port { get; set; } = 1883;

    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The broker's certificate must be valid for <see cref="Host"/>.</summary>
    public bool UseTls { get; set; }

    /// <summary>PEM file of the accepted certificate authorities; empty: those of the operating system.</summary>
    public string CertificateAuthority { get; set; } = "";

    public string Certificate { get; set; } = "";

    public string CertificateKey { get; set; } = "";

    /// <summary>The levels before the first wildcard are the prefix of the dongles' topics.</summary>
    [Required(ErrorMessage = TopicFilterTakes)]
    [RegularExpression(@"^(\$share/[^/+#]+/)?([^/+#]+/)+(#|\+/#|\+)$", ErrorMessage = TopicFilterTakes)]
    public string TopicFilter { get; set; } = "wican/#";

    /// <summary>Empty: derived from machine and data folder, so it is stable.</summary>
    [RegularExpression("^[0-9A-Za-z_-]*$", ErrorMessage = "takes letters, digits, - and _")]
    public string ClientId { get; set; } = "";

    /// <summary>User property in which the broker itself gives its time of arrival, in milliseconds since 1970, and an id: <c>1764259487234-0006439D</c>. Empty: the time of arrival here.</summary>
    public string ReceivedAtProperty { get; set; } = "";

    public string TopicPrefix => TopicFilters.PrefixOf(TopicFilter);

    /// <summary>For the outside broker if configured, otherwise the embedded one.</summary>
    public MqttClientOptionsBuilder ConnectionOptions(BrokerSettings embedded)
    {
        var (host, port, username, password) = Host != ""
            ? (Host, Port, Username, Password)
            : (embedded.ReachableAddress, embedded.Port, embedded.Username, embedded.Password);
        var options = new MqttClientOptionsBuilder().WithTcpServer(host, port).WithTimeout(TimeSpan.FromSeconds(10));
        if (username != "") options.WithCredentials(username, password);
        if (Host != "" && UseTls) options.WithTlsOptions(tls => BrokerTrust.AddTo(tls, this));
        return options;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[] { (nameof(CertificateAuthority), CertificateAuthority), (nameof(Certificate), Certificate) })
            if (value != "" && (Host == "" || !UseTls)) yield return new ValidationResult("requires Mqtt:Host and Mqtt:UseTls=true", [name]);
        if (Certificate == "" && CertificateKey != "") yield return new ValidationResult("requires Mqtt:Certificate, which is not set", [nameof(CertificateKey)]);
    }
}

[OptionsValidator]
sealed partial class MqttValidator : IValidateOptions<MqttSettings>;

/// <summary><c>Broker</c>: the embedded broker, in use while <c>Mqtt:Host</c> is empty.</summary>
sealed class BrokerSettings : IValidatableObject
{
    const string AddressTakes = "takes an IP address, such as 127.0.0.1 or 0.0.0.0";

    [RegularExpression(@"^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$", ErrorMessage = AddressTakes)]
    public string Address { get; set; } = "127.0.0.1";

    [Range(1, 65535, ErrorMessage = "takes a TCP port, 1 to 65535")]
    public int Port { get; set; } = 1883;

    /// <summary>The one user that may connect; empty: no login, allowed only on a loopback address.</summary>
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    public string Certificate { get; set; } = "";

    public string CertificateKey { get; set; } = "";

    [RegularExpression(@"^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)?$", ErrorMessage = AddressTakes)]
    public string TlsAddress { get; set; } = "";

    [Range(1, 65535, ErrorMessage = "takes a TCP port, 1 to 65535")]
    public int TlsPort { get; set; } = 8883;

    [Range(0, 10_000_000, ErrorMessage = "takes a number of messages, 0 to 10000000")]
    public int MaxRetainedMessages { get; set; } = 100_000;

    [Range(0L, 1L << 40, ErrorMessage = "takes a number of bytes, 0 to 1099511627776")]
    public long MaxRetainedBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Retains messages of topics outside <c>Mqtt:TopicFilter</c> and <c>Ingest:Topics</c> too.</summary>
    public bool RetainOtherTopics { get; set; }

    public string ReachableAddress => IPAddress.Parse(Address) is var address && address.Equals(IPAddress.Any) ? "127.0.0.1"
        : address.Equals(IPAddress.IPv6Any) ? "::1" : Address;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ProblemOf(Address) is { } problem) yield return new ValidationResult(problem, [nameof(Address)]);
        if (TlsAddress != "" && ProblemOf(TlsAddress) is { } tlsProblem) yield return new ValidationResult(tlsProblem, [nameof(TlsAddress)]);
        if (Certificate == "" && (CertificateKey != "" || TlsAddress != ""))
            yield return new ValidationResult("requires Broker:Certificate, which is not set", [CertificateKey != "" ? nameof(CertificateKey) : nameof(TlsAddress)]);
        if (Certificate != "" && TlsPort == Port && (TlsAddress == "" || TlsAddress == Address))
            yield return new ValidationResult("takes another port than Broker:Port", [nameof(TlsPort)]);
        if (Username == "" != (Password == "")) yield return new ValidationResult("requires Broker:Password: set both or neither", [nameof(Username)]);
    }

    string? ProblemOf(string address) =>
        !IPAddress.TryParse(address, out var parsed) ? AddressTakes
        : !IPAddress.IsLoopback(parsed) && (Username == "" || Password == "") ? "takes a loopback address such as 127.0.0.1 unless Broker:Username and Broker:Password are set"
        : null;
}

[OptionsValidator]
sealed partial class BrokerValidator : IValidateOptions<BrokerSettings>;
