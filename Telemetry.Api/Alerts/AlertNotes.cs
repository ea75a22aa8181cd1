using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Copies of rules, open alerts and waits in the spool, for a start without the store. A failed copy is repeated with the next one; an unreadable copy counts as none.</summary>
sealed partial class AlertNotes(Spool spool, VehicleRegistry vehicles, SignalCatalog signals, ILogger<AlertNotes> log)
{
    const string Rules = "rules";
    const string Clocks = "clocks";
    const string Listened = "listened_until";

    readonly SpoolNotes _notes = new(spool);
    readonly NotedAlerts _alerts = new(spool, vehicles, signals);
    IReadOnlyList<StoredRule>? _rules; // As they were noted last.

    public IReadOnlyList<RuleRow> ReadRules() => Read(Rules, NotesJson.Default.ListRuleRow);

    public IReadOnlyList<Alert> ReadAlerts() => Try("alerts", _alerts.Read, []);

    public IReadOnlyList<AlertClock> ReadClocks() => Read(Clocks, NotesJson.Default.ListAlertClock);

    /// <summary>Last time that an earlier run listened, UTC; null: never.</summary>
    public DateTime? ReadListened() => Read(Listened, NotesJson.Default.ListString) is [var text] && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : null;

    public void Save(IReadOnlyList<StoredRule> rules, IReadOnlyList<Alert> alerts)
    {
        if (!ReferenceEquals(rules, _rules) && TrySave(Rules, [.. rules.Select(RowOf)], NotesJson.Default.ListRuleRow)) _rules = rules;
        try
        {
            _alerts.Save(alerts);
        }
        catch (DbException error)
        {
            Log.NotSaved(log, "alerts", DbErrorText.Summarize(error));
        }
    }

    public void Save(IReadOnlyList<AlertClock> clocks) => TrySave(Clocks, [.. clocks], NotesJson.Default.ListAlertClock);

    public void SaveListened(DateTime now) => TrySave(Listened, [now.ToString("o", CultureInfo.InvariantCulture)], NotesJson.Default.ListString);

    static RuleRow RowOf(StoredRule rule) => new()
    {
        RuleId = rule.Rule.Id,
        Version = rule.Rule.Version,
        Rule = rule.Json,
        ChangedAt = (rule.ChangedAt.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        ChangedBy = rule.ChangedBy,
    };

    List<T> Read<T>(string name, JsonTypeInfo<List<T>> type) => Try(name, () => _notes.Find(name) is { } json ? JsonSerializer.Deserialize(json, type) ?? [] : [], []);

    T Try<T>(string name, Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is DbException or JsonException)
        {
            Log.NotRead(log, name, error.Message);
            return otherwise;
        }
    }

    bool TrySave<T>(string name, List<T> rows, JsonTypeInfo<List<T>> type)
    {
        try
        {
            _notes.Save(name, JsonSerializer.Serialize(rows, type));
            return true;
        }
        catch (DbException error)
        {
            Log.NotSaved(log, name, DbErrorText.Summarize(error));
            return false;
        }
    }

    static partial class Log
    {
        [LoggerMessage(801, LogLevel.Warning, "The copy of {Name} in the spool cannot be read ({Problem}): they come from the store when it is open")]
        public static partial void NotRead(ILogger log, string name, string problem);

        [LoggerMessage(802, LogLevel.Debug, "The {Name} could not be saved in the spool ({Problem})")]
        public static partial void NotSaved(ILogger log, string name, string problem);
    }
}
