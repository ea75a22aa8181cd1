using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

sealed class IngestSettings
{
    /// <summary>Rules for the topics of other publishers; the first match wins. Empty: WiCAN dongles only.</summary>
    public List<TopicRule> Topics { get; set; } = [];

    /// <summary>Maximum new vehicles per minute. Guards against made-up device names. Zero: unlimited.</summary>
    [Range(0, 1_000_000, ErrorMessage = "takes a number of vehicles, 0 to 1000000")]
    public int NewVehiclesPerMinute { get; set; } = 1000;
}

[OptionsValidator]
sealed partial class IngestValidator : IValidateOptions<IngestSettings>;
