using System.Data.Common;
using System.Text.Json;
using Dapper;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Alerts;

/// <summary>Rules in the store. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed partial class AlertRuleStore(StoreDialect dialect, SignalCatalog signals, ILogger<AlertRuleStore> log)
{
    readonly AlertRuleReader _reader = new(signals);

    /// <summary>In order of their ids. A rule that cannot be read is left out.</summary>
    public async Task<IReadOnlyList<StoredRule>> ReadAsync(DbTransaction transaction, IReadOnlyList<StoredRule> known)
    {
        var rows = await transaction.Connection!.QueryAsync<RuleRow>(
            $"SELECT rule_id AS RuleId, version AS Version, rule AS Rule, {dialect.Microseconds("changed_at")} AS ChangedAt, changed_by AS ChangedBy FROM alert_rules ORDER BY rule_id", transaction: transaction);
        return [.. rows.Select(row => known.FirstOrDefault(rule => rule.Rule.Id == row.RuleId && rule.Rule.Version == row.Version) ?? Read(row)).OfType<StoredRule>()];
    }

    /// <summary>Id of the added rule; null if its name is taken.</summary>
    public Task<int?> AddAsync(DbTransaction transaction, StoredRule rule) => transaction.Connection!.ExecuteScalarAsync<int?>("""
        INSERT INTO alert_rules (version, name, enabled, rule, changed_at, changed_by) VALUES (@Version, @Name, @IsEnabled, @Json, @ChangedAt, @ChangedBy)
        ON CONFLICT DO NOTHING
        RETURNING rule_id
        """, Row(rule), transaction);

    /// <summary>Replaces a rule; false if the store has another version than the one before it.</summary>
    public async Task<bool> TryChangeAsync(DbTransaction transaction, StoredRule rule) => await transaction.Connection!.ExecuteAsync("""
        UPDATE alert_rules SET version = @Version, name = @Name, enabled = @IsEnabled, rule = @Json, changed_at = @ChangedAt, changed_by = @ChangedBy
        WHERE rule_id = @Id AND version = @Version - 1
        """, Row(rule), transaction) == 1;

    public static Task RemoveAsync(DbTransaction transaction, int id) =>
        transaction.Connection!.ExecuteAsync("DELETE FROM alert_rules WHERE rule_id = @id; DELETE FROM alert_clocks WHERE rule_id = @id", new { id }, transaction);

    public static Task<bool> IsTakenAsync(DbTransaction transaction, string name, int id) =>
        transaction.Connection!.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM alert_rules WHERE name = @name AND rule_id <> @id)", new { name, id }, transaction);

    public StoredRule? Read(RuleRow row)
    {
        try
        {
            using var json = JsonDocument.Parse(row.Rule);
            return new StoredRule(_reader.Read(json.RootElement, row.RuleId, row.Version), row.Rule, DateTime.UnixEpoch.AddMicroseconds(row.ChangedAt), row.ChangedBy);
        }
        catch (Exception error) when (error is AlertRuleException or JsonException)
        {
            Log.Unreadable(log, row.RuleId, error.Message);
            return null;
        }
    }

    RuleParameters Row(StoredRule rule) => new(rule.Rule.Id, rule.Rule.Version, rule.Rule.Name, rule.Rule.IsEnabled, rule.Json, dialect.Time(rule.ChangedAt), rule.ChangedBy);

    internal sealed record RuleParameters(int Id, int Version, string Name, bool IsEnabled, string Json, object ChangedAt, string? ChangedBy);

    static partial class Log
    {
        [LoggerMessage(800, LogLevel.Warning, "Rule {RuleId} of the store cannot be read and is not judged: {Problem}")]
        public static partial void Unreadable(ILogger log, int ruleId, string problem);
    }
}

/// <summary>A row of <c>alert_rules</c>. The time in microseconds since 1970.</summary>
sealed class RuleRow
{
    public int RuleId { get; set; }

    public int Version { get; set; }

    public string Rule { get; set; } = "";

    public long ChangedAt { get; set; }

    public string? ChangedBy { get; set; }
}
