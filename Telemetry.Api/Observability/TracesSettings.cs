using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Telemetry.Api.Observability;

/// <summary><c>Traces</c>: export of spans.</summary>
sealed class TracesSettings : IValidatableObject
{
    public string Endpoint { get; set; } = "";

    [Range(0.0001, 1, ErrorMessage = "takes a ratio, 0.0001 to 1")]
    public double Ratio { get; set; } = 1;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint != "" && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
            yield return new ValidationResult("takes the address of a collector that takes OTLP over HTTP, such as http://localhost:4318", [nameof(Endpoint)]);
    }
}

[OptionsValidator]
sealed partial class TracesValidator : IValidateOptions<TracesSettings>;
