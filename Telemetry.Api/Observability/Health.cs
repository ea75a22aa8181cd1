using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Telemetry.Api.Observability;

/// <summary>Answer of <c>/health/live</c> and <c>/health/ready</c>.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="Version">Version of the program, such as 0.2.0; left out if a token is required and missing.</param>
/// <param name="Checks">Results of the checks; left out likewise.</param>
sealed record Health(
    [property: AllowedValues("healthy", "degraded", "unhealthy")] string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CheckResults? Checks = null)
{
    public static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}

/// <summary>Results of the checks.</summary>
sealed record CheckResults(BrokerHealth? Broker, StoreHealth? Store, ClockHealth? Clock, SignalsHealth? Signals, AlertsHealth? Alerts, LoopsHealth? Loops, ChannelsHealth? Channels)
{
    public static CheckResults? Of(HealthReport report)
    {
        return report.Entries.Count == 0 ? null : new CheckResults(Of<BrokerHealth>("broker"), Of<StoreHealth>("store"), Of<ClockHealth>("clock"), Of<SignalsHealth>("signals"), Of<AlertsHealth>("alerts"), Of<LoopsHealth>("loops"),
            Of<ChannelsHealth>("channels"));

        T? Of<T>(string name) where T : CheckResult => report.Entries.GetValueOrDefault(name).Data?.GetValueOrDefault(CheckResult.Key) as T;
    }
}

/// <summary>Result of one check.</summary>
/// <param name="Level">Severity.</param>
/// <param name="Problem">The problem; null if there is none.</param>
abstract record CheckResult([property: JsonIgnore] HealthStatus Level, string? Problem)
{
    public const string Key = "result";

    /// <summary><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</summary>
    [AllowedValues("healthy", "degraded", "unhealthy")]
    public string Status => Health.NameOf(Level);

    public Task<HealthCheckResult> AsTask() => Task.FromResult(new HealthCheckResult(Level, Problem, data: new Dictionary<string, object> { [Key] = this }));

    protected static HealthStatus LevelOf(string? problem) => problem is null ? HealthStatus.Healthy : HealthStatus.Degraded;
}

/// <param name="Level">Severity.</param>
/// <param name="Problem">The problem; null if there is none.</param>
/// <param name="Address">Address of the broker.</param>
/// <param name="MqttVersion">Protocol versions of the broker.</param>
/// <param name="Messages">Messages received.</param>
/// <param name="Readings">Readings found in them.</param>
/// <param name="Rejected">Rejected messages and values, by reason.</param>
/// <param name="Clients">WebSocket clients.</param>
sealed record BrokerHealth(HealthStatus Level, string? Problem, string Address, string MqttVersion, long Messages, long Readings, IReadOnlyDictionary<string, long> Rejected, int Clients) : CheckResult(Level, Problem);

/// <param name="Level">Severity.</param>
/// <param name="Problem">The problem; null if there is none.</param>
/// <param name="Kind">SQLite or PostgreSQL.</param>
/// <param name="Mode"><c>direct</c>, <c>spooling</c> or <c>waiting</c>.</param>
/// <param name="Waiting">Readings in memory that are not durable yet.</param>
/// <param name="Dropped">Readings lost.</param>
/// <param name="Spooled">Readings in the spool.</param>
/// <param name="BehindSeconds">Age of the oldest one in the spool.</param>
/// <param name="SetAside">Readings in quarantine.</param>
/// <param name="IsSlow">True if the store works, but takes readings later than they come.</param>
/// <param name="OtherServers">Other servers that store readings of other sources in the same store.</param>
sealed record StoreHealth(
    HealthStatus Level, string? Problem, string Kind, [property: AllowedValues("direct", "spooling", "waiting")] string Mode, long Waiting, long Dropped, long Spooled, double BehindSeconds, long SetAside, [property: JsonPropertyName("slow")] bool IsSlow, IReadOnlyList<string> OtherServers) : CheckResult(Level, Problem);

/// <param name="Problem">The problem: the store has readings in the future.</param>
/// <param name="Now">The server's wall clock.</param>
sealed record ClockHealth(string? Problem, [property: DataType(DataType.DateTime)] string Now) : CheckResult(LevelOf(Problem), Problem);

/// <param name="Problem">The problem: new names are rejected.</param>
/// <param name="Names">Signal names in use.</param>
/// <param name="FullVehicles">Vehicles at their maximum.</param>
sealed record SignalsHealth(string? Problem, int Names, IReadOnlyList<string> FullVehicles) : CheckResult(LevelOf(Problem), Problem);

/// <param name="Rules">Rules in force.</param>
/// <param name="Open">Alerts that are not over.</param>
sealed record AlertsHealth(int Rules, int Open) : CheckResult(HealthStatus.Healthy, null);

/// <param name="Problem">The problem: a loop has failed within the last minute.</param>
/// <param name="Failures">Background loops that have failed since the start and were restarted, with their number of failures.</param>
sealed record LoopsHealth(string? Problem, IReadOnlyDictionary<string, int> Failures) : CheckResult(LevelOf(Problem), Problem);

/// <param name="Problem">Problem, such as a channel that does not accept messages.</param>
/// <param name="Waiting">Alerts that wait to be told, by channel.</param>
sealed record ChannelsHealth(string? Problem, IReadOnlyDictionary<string, int> Waiting) : CheckResult(LevelOf(Problem), Problem);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Health))]
sealed partial class HealthJson : JsonSerializerContext;
