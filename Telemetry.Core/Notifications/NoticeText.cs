using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>Links of an alert.</summary>
/// <param name="Page">The page that shows it; empty: none.</param>
/// <param name="Ack">The address whose POST acknowledges it; empty: none.</param>
public sealed record NoticeLinks(string Page, string Ack)
{
    /// <summary>No links.</summary>
    public static readonly NoticeLinks None = new("", "");
}

/// <summary>Notices in plain words.</summary>
/// <param name="isFrench">True: French; false: English.</param>
/// <param name="zone">The zone of the times.</param>
/// <param name="linksOf">The links of an alert.</param>
public sealed class NoticeText(bool isFrench, TimeZoneInfo zone, Func<Guid, NoticeLinks> linksOf)
{
    // Above it, alerts of one rule share a line.
    const int MaxLines = 10;

    readonly NoticeLanguage _words = isFrench ? NoticeLanguage.Fr : NoticeLanguage.En;

    /// <summary>The places of a message: those of its only notice, or of the one that stands for all.</summary>
    public NoticePlaces PlacesOf(Digest digest)
    {
        if (digest.Notices is [var only]) return PlacesOf(only, digest.At);
        var head = PlacesOf(digest.Head, digest.At);
        var rules = digest.Notices.Select(notice => RuleName(notice.Alert)).Distinct().ToList();
        head["title"] = string.Format(_words.Culture, _words.Alerts, digest.Notices.Count) + (rules is [var rule] ? $" · {rule}" : "");
        head["message"] = string.Join('\n', Lines(digest));
        head["ack_url"] = ""; // It would be for one of them.
        return head;
    }

    /// <summary>The places of a notice.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="at">Now, UTC.</param>
    public NoticePlaces PlacesOf(Notice notice, DateTime at)
    {
        var alert = notice.Alert;
        var links = linksOf(alert.Id);
        var isOver = alert.ClearedAt is not null;
        var places = new NoticePlaces
        {
            ["severity"] = SeverityName(alert.Severity),
            ["priority"] = $"{PriorityOf(alert)}",
            ["vehicle"] = VehicleName(alert),
            ["rule"] = RuleName(alert),
            ["signal"] = alert.Signal is null ? "" : _words.SignalName(alert.Signal.Name),
            ["unit"] = OneLine(alert.Signal?.Unit ?? ""),
            ["since"] = Time(alert.Since, at),
            ["duration"] = NoticeLanguage.Duration((alert.ClearedAt ?? at) - alert.Since),
            ["url"] = links.Page,
            ["ack_url"] = isOver ? "" : links.Ack,
            ["state"] = isOver ? "cleared" : "firing",
        };
        places.Set("value", alert.Value, _words.Number);
        places.Set("threshold", alert.Threshold, _words.Number);
        places.Set("peak", alert.Peak ?? alert.Value, _words.Number);
        places["title"] = $"{(isOver ? _words.Over : notice.Kind == NoticeKind.Reminder ? _words.Still : "")}{places["rule"]}{(alert.Vehicle is null ? "" : $" · {places["vehicle"]}")}";
        places["message"] = Sentence(notice, at);
        if (notice.Rule?.Message is { } own && !isOver) places["message"] = OwnText(own, places);
        return places;
    }

    /// <summary>1 to 5, as ntfy counts them.</summary>
    internal static int PriorityOf(Alert alert) => alert switch
    {
        { ClearedAt: not null } or { Severity: Severity.Info } => 2,
        { Severity: Severity.Critical } => 5,
        _ => 4,
    };

    /// <summary>A severity's word.</summary>
    internal static string SeverityName(Severity severity) => severity switch { Severity.Info => "info", Severity.Critical => "critical", _ => "warning" };

    /// <summary>The vehicle's name, or that of its dongle; of the server itself, none.</summary>
    public string VehicleName(Alert alert)
    {
        if (alert.Vehicle?.Current is not { } vehicle) return "";
        return OneLine(vehicle.Name ?? (vehicle.Device is null or "default" ? string.Format(_words.Culture, _words.Vehicle, vehicle.Id) : vehicle.Device));
    }

    string RuleName(Alert alert) => OneLine(isFrench && alert.RuleId <= 0 ? ServerRules.InFrench(alert.Rule) : alert.Rule);

    // Each of a few alerts has a line; of many, those of a rule share one that names all vehicles.
    IEnumerable<string> Lines(Digest digest)
    {
        if (digest.Notices.Count <= MaxLines)
            return digest.Notices.Select(notice => PlacesOf(notice, digest.At)).Select(places => $"{places["title"]}: {places["message"]}");
        return digest.Notices.GroupBy(notice => (notice.Alert.Rule, notice.Kind)).Select(group =>
        {
            var vehicles = group.OrderBy(notice => notice.Alert.VehicleId).Select(notice => VehicleName(notice.Alert)).GroupBy(name => name).Select(same => same.Count() == 1 ? same.Key : $"{same.Key} (×{same.Count()})");
            var prefix = group.Key.Kind switch { NoticeKind.Over => _words.Over, NoticeKind.Reminder => _words.Still, _ => "" };
            return $"{prefix}{RuleName(group.First().Alert)}: {string.Join(", ", vehicles)}";
        });
    }

    string Sentence(Notice notice, DateTime at)
    {
        var alert = notice.Alert;
        var unit = OneLine(alert.Signal?.Unit ?? "") is { Length: > 0 } known ? known : null;
        var signal = alert.Signal is null ? "" : _words.SignalName(alert.Signal.Name);
        if (alert.ClearedAt is { } clearedAt)
        {
            var worst = (alert.Peak ?? alert.Value) is { } peak && alert.Signal is not null ? $"{signal} {_words.Quantity(peak, unit)}" : RuleName(alert);
            return string.Format(_words.Culture, _words.Lasted, worst, Time(alert.Since, clearedAt), Time(clearedAt, at), NoticeLanguage.Duration(clearedAt - alert.Since)) + ".";
        }

        var value = notice.Kind == NoticeKind.Reminder ? alert.Peak ?? alert.Value : alert.Value;
        var what = value is null || alert.Signal is null ? RuleName(alert) : $"{signal} {_words.Quantity(value.Value, unit)}{Limit(notice.Rule, unit)}";
        var seen = at - alert.JudgedAt > TimeSpan.FromMinutes(1) && alert.JudgedAt > alert.FiredAt ? string.Format(_words.Culture, _words.LastSeen, Time(alert.JudgedAt, at)) : "";
        return $"{what}{string.Format(_words.Culture, _words.Since, Time(alert.Since, at))}{seen}.";
    }

    string Limit(AlertRule? rule, string? unit) => rule?.Shown switch
    {
        Above above => string.Format(_words.Culture, _words.Above, _words.Quantity(above.Threshold, unit)),
        Below below => string.Format(_words.Culture, _words.Below, _words.Quantity(below.Threshold, unit)),
        Changes { IsRise: true } rise => string.Format(_words.Culture, _words.Rise, _words.Quantity(rise.By, unit), NoticeLanguage.Duration(rise.Within)),
        Changes fall => string.Format(_words.Culture, _words.Fall, _words.Quantity(fall.By, unit), NoticeLanguage.Duration(fall.Within)),
        Steady => _words.Steady,
        _ => "",
    };

    static string OwnText(string message, NoticePlaces places)
    {
        try
        {
            return OneLine(NoticeTemplate.Text(message).Fill(places));
        }
        catch (FormatException)
        {
            return OneLine(message); // Saved by a version that had other places.
        }
    }

    string Time(DateTime time, DateTime now)
    {
        var (local, today) = (TimeZoneInfo.ConvertTimeFromUtc(time, zone), TimeZoneInfo.ConvertTimeFromUtc(now, zone));
        var text = local.ToString(local.Date == today.Date ? "HH:mm" : _words.DateFormat, _words.Culture);
        return zone.Id is "UTC" or "Etc/UTC" ? $"{text} UTC" : text;
    }

    // Names come from people and dongles: no line breaks, nothing that moves a cursor.
    static string OneLine(string text) => text.Any(char.IsControl) ? new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]) : text;
}
