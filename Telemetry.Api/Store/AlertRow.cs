using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>An alert in the store, or in a file: a row of <c>alerts</c>. Times in microseconds since 1970.</summary>
sealed class AlertRow
{
    public string AlertId { get; set; } = "";

    public int RuleId { get; set; }

    public int RuleVersion { get; set; }

    public string RuleName { get; set; } = "";

    /// <summary>Id in the store. In a file, the vehicle is identified by its key.</summary>
    public int VehicleId { get; set; }

    public int Severity { get; set; }

    /// <summary>Null: as <c>Severity</c>; of a version that did not store it.</summary>
    public int? FiredSeverity { get; set; }

    public string? Signal { get; set; }

    public double? Threshold { get; set; }

    public long Since { get; set; }

    public long FiredAt { get; set; }

    public long? ClearedAt { get; set; }

    public string? EndedBy { get; set; }

    public double? Value { get; set; }

    public double? Peak { get; set; }

    public long JudgedAt { get; set; }

    public long? AckedAt { get; set; }

    public string? AckedBy { get; set; }

    public string? Note { get; set; }

    public long? SnoozedUntil { get; set; }

    public int Version { get; set; }

    public int Answers { get; set; }

    public string? Server { get; set; }

    public static AlertRow Of(Alert alert) => new()
    {
        AlertId = alert.Id.ToString(),
        RuleId = alert.RuleId,
        RuleVersion = alert.RuleVersion,
        RuleName = alert.Rule,
        Severity = (int)alert.Severity,
        FiredSeverity = (int)alert.FiredSeverity,
        Signal = alert.Signal?.Name,
        Threshold = alert.Threshold,
        Since = UnixTime(alert.Since),
        FiredAt = UnixTime(alert.FiredAt),
        ClearedAt = UnixTime(alert.ClearedAt),
        EndedBy = alert.EndedBy,
        Value = alert.Value,
        Peak = alert.Peak,
        JudgedAt = UnixTime(alert.JudgedAt),
        AckedAt = UnixTime(alert.AckedAt),
        AckedBy = alert.AckedBy,
        Note = alert.Note,
        SnoozedUntil = UnixTime(alert.SnoozedUntil),
        Version = alert.Version,
        Answers = alert.Answers,
        Server = alert.Server,
    };

    public Alert ToAlert(Vehicle? vehicle, SignalCatalog signals) => new(Guid.Parse(AlertId), RuleId, vehicle, (Severity)Severity, Time(Since), Time(FiredAt))
    {
        FiredSeverity = (Severity)(FiredSeverity ?? Severity),
        RuleVersion = RuleVersion,
        Rule = RuleName,
        Signal = Signal is not null && signals.TryNamed(Signal, out var signal) ? signal : null,
        Threshold = Threshold,
        ClearedAt = Time(ClearedAt),
        EndedBy = EndedBy,
        Value = Value,
        Peak = Peak,
        JudgedAt = Time(JudgedAt),
        AckedAt = Time(AckedAt),
        AckedBy = AckedBy,
        Note = Note,
        SnoozedUntil = Time(SnoozedUntil),
        Version = Version,
        Answers = Answers,
        Server = Server,
    };

    static long UnixTime(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    static long? UnixTime(DateTime? time) => time is { } known ? UnixTime(known) : null;

    static DateTime Time(long microseconds) => DateTime.UnixEpoch.AddMicroseconds(microseconds);

    static DateTime? Time(long? microseconds) => microseconds is { } known ? Time(known) : null;
}
