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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address != "" && !IPAddress.TryParse(Address, out _)) yield return new ValidationResult("takes the IP address by which the other instances reach this one", [nameof(Address)]);
    }
}

[OptionsValidator]
sealed partial class ClusterValidator : IValidateOptions<ClusterSettings>;
