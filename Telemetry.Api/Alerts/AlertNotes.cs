using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Copies of rules, open alerts and waits in the spool, for a start without the store.</summary>
/// <remarks>What cannot be noted is noted the next time; what cannot be read is as if it had not been noted.</remarks>
sealed partial class AlertNotes(Spool spool, VehicleRegistry vehicles, SignalCatalog signals, ILogger<AlertNotes> log)
{
    const string Rules = "rules";
    const string Alerts = "alerts";
    const string Clocks = "clocks";
    const string Listened = "listened_until";

    /// <summary>The rules.</summary>
    public IReadOnlyList<RuleRow> ReadRules() => Read(Rules, NotesJson.Default.ListRuleRow);

    /// <summary>The open alerts.</summary>
    public IReadOnlyList<Alert> ReadAlerts() =>
        [.. Read(Alerts, NotesJson.Default.ListAlertRow).Where(row => row.VehicleId == AlertTable.NoVehicle || vehicles.Find(row.VehicleId) is not null).Select(row => row.ToAlert(vehicles.Find(row.VehicleId), signals))];

    /// <summary>The waits.</summary>
    public IReadOnlyList<AlertClock> ReadClocks() => Read(Clocks, NotesJson.Default.ListAlertClock);

    /// <summary>Until when the server listened in an earlier run, UTC; null where it never did.</summary>
    public DateTime? ReadListened() => Read(Listened, NotesJson.Default.ListString) is [var text] && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : null;

    /// <summary>Notes the rules and the open alerts.</summary>
    public void Save(IReadOnlyList<StoredRule> rules, IReadOnlyList<Alert> alerts)
    {
        Save(Rules, [.. rules.Select(rule => new RuleRow
        {
            RuleId = rule.Rule.Id,
            Version = rule.Rule.Version,
            Rule = rule.Json,
            ChangedAt = (rule.ChangedAt.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
            ChangedBy = rule.ChangedBy,
        })], NotesJson.Default.ListRuleRow);
        Save(Alerts, [.. alerts.Select(alert =>
        {
            var row = AlertRow.Of(alert);
            row.VehicleId = alert.VehicleId ?? AlertTable.NoVehicle;
            return row;
        })], NotesJson.Default.ListAlertRow);
    }

    /// <summary>Notes the waits.</summary>
    public void Save(IReadOnlyList<AlertClock> clocks) => Save(Clocks, [.. clocks], NotesJson.Default.ListAlertClock);

    /// <summary>Notes that the server listens.</summary>
    public void SaveListened(DateTime now) => Save(Listened, [now.ToString("o", CultureInfo.InvariantCulture)], NotesJson.Default.ListString);

    List<T> Read<T>(string name, JsonTypeInfo<List<T>> type)
    {
        try
        {
            return spool.Note(name) is { } json ? JsonSerializer.Deserialize(json, type) ?? [] : [];
        }
        catch (Exception error) when (error is DbException or JsonException)
        {
            Log.NotRead(log, name, error.Message);
            return [];
        }
    }

    void Save<T>(string name, List<T> rows, JsonTypeInfo<List<T>> type)
    {
        try
        {
            spool.SaveNote(name, JsonSerializer.Serialize(rows, type));
        }
        catch (DbException error)
        {
            Log.NotSaved(log, name, DbErrorText.Summarize(error));
        }
    }

    static partial class Log
    {
        [LoggerMessage(801, LogLevel.Warning, "The spool's note of {Name} cannot be read ({Problem}): they come from the store when it is open")]
        public static partial void NotRead(ILogger log, string name, string problem);

        [LoggerMessage(802, LogLevel.Debug, "The {Name} could not be noted in the spool ({Problem})")]
        public static partial void NotSaved(ILogger log, string name, string problem);
    }
}

[JsonSerializable(typeof(List<RuleRow>))]
[JsonSerializable(typeof(List<AlertRow>))]
[JsonSerializable(typeof(List<AlertClock>))]
[JsonSerializable(typeof(List<string>))]
sealed partial class NotesJson : JsonSerializerContext;
