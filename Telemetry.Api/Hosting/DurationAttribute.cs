using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Telemetry.Api.Hosting;

/// <summary>Range of a setting that is a <see cref="TimeSpan"/>. <see cref="RangeAttribute"/> would find the converter of the type by reflection.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class DurationAttribute(string min, string max) : ValidationAttribute
{
    public string Min { get; } = min;

    public string Max { get; } = max;

    public override bool IsValid(object? value) => value is TimeSpan duration && duration >= Parse(Min) && duration <= Parse(Max);

    static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
