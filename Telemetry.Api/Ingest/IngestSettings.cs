using System.ComponentModel.DataAnnotations;
using Telemetry.Core.Ingest;

namespace Telemetry.Api.Ingest;

/// <summary><c>Ingest</c>: what is read beside the dongles of <c>Mqtt:TopicFilter</c>.</summary>
sealed class IngestSettings
{
    /// <summary>Rules for the topics of other publishers, the first that fits counts; empty: WiCAN dongles only.</summary>
    public List<TopicRule> Topics { get; init; } = [];

    /// <summary>Vehicles that may be new in a minute, against a publisher that invents devices; zero: any number.</summary>
    [Range(0, 1_000_000, ErrorMessage = "takes a number of vehicles, 0 to 1000000")]
    public int NewVehiclesPerMinute { get; init; } = 1000;
}
