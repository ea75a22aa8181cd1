using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Telemetry.Cluster;

/// <summary><c>Cluster</c>: the instances that share the vehicles.</summary>
sealed class ClusterSettings : IValidatableObject
{
    const string NameTakes = "takes a name of letters, digits, - and _, the same for all instances";

    [Required(ErrorMessage = NameTakes)]
    [RegularExpression("^[0-9A-Za-z_-]{1,64}$", ErrorMessage = NameTakes)]
    public string Name { get; set; } = "";

    /// <summary>Address by which the other instances reach this one; empty: the first private address of this machine.</summary>
    public string Address { get; set; } = "";

    [Range(1, 65535, ErrorMessage = "takes a TCP port, 1 to 65535")]
    public int Port { get; set; } = 11111;

    /// <summary>PEM file with the certificate that this instance shows to the others; empty: no TLS between instances.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with its key; empty: the key is in the certificate file.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>PEM file with the authority that has signed the certificates of all instances.</summary>
    public string CertificateAuthority { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address != "" && !IPAddress.TryParse(Address, out _)) yield return new ValidationResult("takes the IP address by which the other instances reach this one", [nameof(Address)]);
        if ((Certificate == "") != (CertificateAuthority == "")) yield return new ValidationResult("requires Cluster:Certificate and Cluster:CertificateAuthority, both or neither", [nameof(Certificate)]);
        if (CertificateKey != "" && Certificate == "") yield return new ValidationResult("requires Cluster:Certificate", [nameof(CertificateKey)]);
    }
}

[OptionsValidator]
sealed partial class ClusterValidator : IValidateOptions<ClusterSettings>;
