using System.Data.Common;
using Dapper;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

readonly record struct AlertOfVehicle(Alert Alert, int VehicleId);

/// <summary>Rows of <c>alerts</c>. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class AlertTable(StoreDialect dialect, VehicleRegistry vehicles, SignalCatalog signals)
{
    public const int NoVehicle = 0;

    // Newest alerts of a rule and vehicle that are searched for one of the same time.
    const int MaxSearched = 20;

    /// <summary>Writes the current state of alerts, in the order of their changes. If the store has another alert of the rule and vehicle for the time, an alert is not written, and the result has the other one by its id.</summary>
    public async Task<IReadOnlyDictionary<Guid, Alert>> WriteAsync(DbTransaction transaction, IReadOnlyList<AlertOfVehicle> alerts)
    {
        // The last change of an alert contains the earlier ones.
        var last = new Dictionary<Guid, int>();
        foreach (var (i, (alert, _)) in alerts.Index()) last[alert.Id] = i;
        var instead = new Dictionary<Guid, Alert>();
        foreach (var (i, (alert, vehicleId)) in alerts.Index())
        {
            if (last[alert.Id] == i && await WriteAsync(transaction, alert, vehicleId) is { } stored) instead[alert.Id] = stored;
        }

        return instead;
    }

    /// <summary>Writes acknowledgement and snooze, which any server may change, unless a newer one is stored.</summary>
    public Task WriteAnswerAsync(DbTransaction transaction, Alert alert) => transaction.Connection!.ExecuteAsync(UpdateAnswer, Row(alert, NoVehicle), transaction);

    async Task<Alert?> WriteAsync(DbTransaction transaction, Alert alert, int vehicleId)
    {
        var connection = transaction.Connection!;
        var row = Row(alert, vehicleId);
        if (alert.Answers > 0) await connection.ExecuteAsync(UpdateAnswer, row, transaction);
        if (await connection.ExecuteAsync(Update, row, transaction) > 0 || await connection.ExecuteAsync(Insert, row, transaction) > 0) return null;
        // Another server may have an alert for the same event, or have continued with this one.
        var query = new AlertQuery { RuleId = alert.RuleId, VehicleIds = [vehicleId], Limit = MaxSearched };
        return (await ReadAsync(connection, query, transaction)).FirstOrDefault(stored => stored.Server == alert.Server
            && (stored.Id == alert.Id ? IsOther(stored, alert) : !(stored.ClearedAt <= alert.FiredAt) && !(stored.FiredAt > alert.ClearedAt)));
    }

    // If it is written again, the stored alert is the same one, or this one's later state is still on its way to the store.
    static bool IsOther(Alert stored, Alert alert) => stored.ClearedAt is not null && stored.ClearedAt != alert.ClearedAt;

    public async Task<IReadOnlyList<Alert>> ReadAsync(DbConnection connection, AlertQuery query, DbTransaction? transaction = null)
    {
        // Only requested conditions are part of the statement: others could keep an index from being used.
        List<string> conditions = ["true"];
        if (query.VehicleIds is not null) conditions.Add(dialect.IsAnyOf("vehicle_id", "VehicleIds"));
        if (query.RuleId is not null) conditions.Add("rule_id = @RuleId");
        if (query.IsOpen) conditions.Add("cleared_at IS NULL");
        if (query.From is not null) conditions.Add("fired_at >= @From");
        if (query.To is not null) conditions.Add("fired_at < @To");
        if (query.After is not null) conditions.Add("alert_id < @After");
        if (query.ChangedAfter is not null) conditions.Add("change > @ChangedAfter");
        if (query.ClearedFrom is not null) conditions.Add("cleared_at >= @ClearedFrom");
        if (query.Id is not null) conditions.Add("alert_id = @Id");
        var rows = await connection.QueryAsync<AlertRow>($"""
            SELECT CAST(alert_id AS text) AS AlertId, rule_id AS RuleId, rule_version AS RuleVersion, rule_name AS RuleName, vehicle_id AS VehicleId, severity AS Severity, fired_severity AS FiredSeverity, signal AS Signal, threshold AS Threshold,
                   {Microseconds("since", "Since")}, {Microseconds("fired_at", "FiredAt")}, {Microseconds("cleared_at", "ClearedAt")}, ended_by AS EndedBy, value AS Value, peak AS Peak,
                   {Microseconds("judged_at", "JudgedAt")}, {Microseconds("acked_at", "AckedAt")}, acked_by AS AckedBy, note AS Note, {Microseconds("snoozed_until", "SnoozedUntil")}, version AS Version, answers AS Answers, server AS Server
            FROM alerts
            WHERE {string.Join(" AND ", conditions)}
            ORDER BY alert_id DESC
            LIMIT @Limit
            """, new
        {
            VehicleIds = query.VehicleIds is { } ids ? dialect.Set([.. ids]) : null,
            query.RuleId,
            From = Time(query.From),
            To = Time(query.To),
            After = query.After is { } after ? dialect.Uuid(after) : null,
            query.ChangedAfter,
            ClearedFrom = Time(query.ClearedFrom),
            Id = query.Id is { } id ? dialect.Uuid(id) : null,
            query.Limit,
        }, transaction);
        return [.. rows.Where(row => row.VehicleId == NoVehicle || vehicles.Find(row.VehicleId) is not null).Select(row => row.ToAlert(vehicles.Find(row.VehicleId), signals))];
    }

    public Task DropBeforeAsync(DbTransaction transaction, DateTime time) => time < DateTime.UnixEpoch ? Task.CompletedTask
        : transaction.Connection!.ExecuteAsync("DELETE FROM alerts WHERE alert_id < @id AND fired_at < @time AND cleared_at IS NOT NULL", new
        {
            // Ids are in order of time, so the primary key finds old rows. One millisecond later, because an id has a random part.
            id = dialect.Uuid(AlertIds.New(time.AddMilliseconds(1))),
            time = dialect.Time(time),
        }, transaction);

    // An ended alert does not change. A server that has not judged it since the last write knows less.
    const string Update = """
        UPDATE alerts SET rule_version = @RuleVersion, rule_name = @RuleName, severity = @Severity, cleared_at = @ClearedAt, ended_by = @EndedBy, value = @Value, peak = @Peak, judged_at = @JudgedAt, version = @Version
        WHERE alert_id = @AlertId AND cleared_at IS NULL AND (version < @Version OR (version = @Version AND judged_at <= @JudgedAt))
        """;

    const string UpdateAnswer = """
        UPDATE alerts SET acked_at = @AckedAt, acked_by = @AckedBy, note = @Note, snoozed_until = @SnoozedUntil, answers = @Answers
        WHERE alert_id = @AlertId AND answers < @Answers
        """;

    // PostgreSQL needs the casts to know the types of nulls; SQLite ignores them.
    // One alert per transition, whichever server writes it: an ended one must not overlap another one.
    // Alerts of a rule and vehicle do not overlap, so only the newest one before it is read, by an index.
    internal const string Insert = """
        INSERT INTO alerts (alert_id, rule_id, rule_version, rule_name, vehicle_id, severity, fired_severity, signal, threshold, since, fired_at, cleared_at, ended_by, value, peak, judged_at, acked_at, acked_by, note, snoozed_until, version, answers, server)
        SELECT @AlertId, @RuleId, @RuleVersion, @RuleName, @VehicleId, @Severity, @FiredSeverity, @Signal, @Threshold, @Since, @FiredAt, CAST(@ClearedAt AS timestamptz), @EndedBy, @Value, @Peak, @JudgedAt, CAST(@AckedAt AS timestamptz), @AckedBy, @Note, CAST(@SnoozedUntil AS timestamptz), @Version, @Answers, CAST(@Server AS text)
        WHERE NOT EXISTS (SELECT 1 FROM (SELECT cleared_at FROM alerts WHERE rule_id = @RuleId AND vehicle_id = @VehicleId AND coalesce(server, '') = coalesce(CAST(@Server AS text), '') AND fired_at < @FiredAt ORDER BY fired_at DESC LIMIT 1) AS earlier WHERE cleared_at IS NULL OR cleared_at > @FiredAt)
            AND NOT EXISTS (SELECT 1 FROM alerts WHERE rule_id = @RuleId AND vehicle_id = @VehicleId AND coalesce(server, '') = coalesce(CAST(@Server AS text), '') AND fired_at >= @FiredAt AND fired_at < @Until AND (cleared_at IS NULL OR cleared_at > @FiredAt))
        ON CONFLICT DO NOTHING
        """;

    string Microseconds(string column, string name) => $"{dialect.Microseconds(column)} AS {name}";

    object? Time(DateTime? time) => time is { } known ? dialect.Time(known) : null;

    AlertParameters Row(Alert alert, int vehicleId) => new()
    {
        AlertId = dialect.Uuid(alert.Id),
        RuleId = alert.RuleId,
        RuleVersion = alert.RuleVersion,
        RuleName = alert.Rule,
        VehicleId = vehicleId,
        Severity = (int)alert.Severity,
        FiredSeverity = (int)alert.FiredSeverity,
        Signal = alert.Signal?.Name,
        Threshold = alert.Threshold,
        Since = dialect.Time(alert.Since),
        FiredAt = dialect.Time(alert.FiredAt),
        ClearedAt = Time(alert.ClearedAt),
        EndedBy = alert.EndedBy,
        Value = alert.Value,
        Peak = alert.Peak,
        JudgedAt = dialect.Time(alert.JudgedAt),
        AckedAt = Time(alert.AckedAt),
        AckedBy = alert.AckedBy,
        Note = alert.Note,
        SnoozedUntil = Time(alert.SnoozedUntil),
        Version = alert.Version,
        Answers = alert.Answers,
        Server = alert.Server,
        Until = dialect.Time(alert.ClearedAt ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)),
    };

    internal sealed class AlertParameters
    {
        public required object AlertId { get; init; }

        public int RuleId { get; init; }

        public int RuleVersion { get; init; }

        public required string RuleName { get; init; }

        public int VehicleId { get; init; }

        public int Severity { get; init; }

        public int FiredSeverity { get; init; }

        public string? Signal { get; init; }

        public double? Threshold { get; init; }

        public required object Since { get; init; }

        public required object FiredAt { get; init; }

        public object? ClearedAt { get; init; }

        public string? EndedBy { get; init; }

        public double? Value { get; init; }

        public double? Peak { get; init; }

        public required object JudgedAt { get; init; }

        public object? AckedAt { get; init; }

        public string? AckedBy { get; init; }

        public string? Note { get; init; }

        public object? SnoozedUntil { get; init; }

        public int Version { get; init; }

        public int Answers { get; init; }

        public string? Server { get; init; }

        public required object Until { get; init; }
    }
}
