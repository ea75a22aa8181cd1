using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;
using Telemetry.Core.Presence;

namespace Telemetry.Api.Stream;

sealed class PresenceSettings : IValidatableObject
{
    const string Learned = "auto";

    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromDays(1) - Shortest;

    /// <summary>Silence that makes a vehicle offline, unless it has its own time-out. <c>auto</c>: 2.5 times its usual interval between messages, at least 10 s.</summary>
    public string Timeout { get; set; } = "00:00:10";

    /// <summary>A vehicle that repeats the same readings for this long is offline; zero: never.</summary>
    [Duration("00:00:00", "23:59:59", ErrorMessage = "takes a duration as hh:mm:ss, 00:00:00 to 23:59:59")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(60);

    public PresenceLimits Limits => new(Timeout == Learned ? null : TimeSpan.Parse(Timeout, CultureInfo.InvariantCulture), StaleAfter);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var isSound = Timeout == Learned || (TimeSpan.TryParse(Timeout, CultureInfo.InvariantCulture, out var timeout) && timeout >= Shortest && timeout <= Longest);
        if (!isSound) yield return new ValidationResult("takes a duration as hh:mm:ss, 00:00:01 to 23:59:59, or auto", [nameof(Timeout)]);
    }
}

[OptionsValidator]
sealed partial class PresenceValidator : IValidateOptions<PresenceSettings>;
