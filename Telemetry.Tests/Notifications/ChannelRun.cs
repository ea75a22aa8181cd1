using Telemetry.Core.Alerts;
using Telemetry.Core.Notifications;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Notifications;

/// <summary>A channel on virtual time: what happens to alerts goes in, messages come out.</summary>
sealed class ChannelRun
{
    readonly ChannelTiming _timing;
    readonly AlertRule _rule;
    readonly Dictionary<string, ChannelAlert> _alerts = [];
    readonly List<(DateTime At, string Text)> _sent = [];
    readonly SortedList<DateTime, List<Action>> _events = [];
    DateTime? _sentAt;

    /// <param name="timing">The channel's.</param>
    /// <param name="steps">The rule's steps for it.</param>
    public ChannelRun(ChannelTiming timing, params NotifyStep[] steps) =>
        (_timing, _rule) = (timing, new AlertRule(1, 1, [new Above(Signal.CoolantTemperature, 105)]) { Name = "Hot", Notify = steps.Length == 0 ? [Step()] : steps });

    public bool IsJudged { get; set; } = true;

    /// <summary>The channel takes nothing.</summary>
    public bool IsDown { get; set; }

    public static DateTime Start { get; } = new(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);

    public static NotifyStep Step(double after = 0, double repeat = 0) => new(["me"], TimeSpan.FromSeconds(after), TimeSpan.FromSeconds(repeat));

    public static ChannelTiming Pace(double seconds, string? quiet = null) => new(quiet is null ? null : QuietHours.Parse(quiet), TimeSpan.FromSeconds(seconds), IsMirror: false);

    public ChannelRun Fire(double at, string name = "a", Severity severity = Severity.Warning) => Do(at, () =>
    {
        var time = Start.AddSeconds(at);
        var vehicle = new VehicleRegistry().Default;
        vehicle.Name = name;
        var alert = new Alert(AlertIds.New(time), 1, vehicle, severity, time, time) { Rule = _rule.Name, Signal = Signal.CoolantTemperature, Value = 106, Threshold = 105 };
        _alerts[name] = new ChannelAlert(alert, _rule, _rule.Notify, true, DeliveryCursor.None);
    });

    public ChannelRun Clear(double at, string name = "a", string? endedBy = null) =>
        Change(at, name, alert => alert with { ClearedAt = Start.AddSeconds(at), Version = 2, EndedBy = endedBy });

    public ChannelRun Ack(double at, string name = "a") => Change(at, name, alert => alert with { AckedAt = Start.AddSeconds(at) });

    public ChannelRun Snooze(double at, double until, string name = "a") => Change(at, name, alert => alert with { SnoozedUntil = Start.AddSeconds(until) });

    public ChannelRun Do(double at, Action what)
    {
        if (!_events.TryGetValue(Start.AddSeconds(at), out var all)) _events[Start.AddSeconds(at)] = all = [];
        all.Add(what);
        return this;
    }

    /// <summary>Lets time pass.</summary>
    /// <returns>The messages, each with its seconds since the start and its notices: <c>a fired</c>, <c>a over</c>, <c>a reminder 1</c>.</returns>
    public IReadOnlyList<string> RunTo(double end)
    {
        var now = Start;
        while (now <= Start.AddSeconds(end))
        {
            if (_events.Remove(now, out var all)) all.ForEach(act => act());
            var due = DueNotices.Of(_timing, _alerts.Values.Select(alert => alert with { IsJudged = IsJudged }), _sentAt, now);
            if (due.Notices.Count > 0 && !IsDown)
            {
                Send(Digest.Of(due.Notices, new HashSet<string>(), now));
            }
            else
            {
                var next = _events.Keys.FirstOrDefault(DateTime.MaxValue);
                now = due is { Notices.Count: 0, Next: { } at } && at < next ? at : next;
            }
        }

        return [.. _sent.Select(sent => $"{(sent.At - Start).TotalSeconds:0.###} {sent.Text}")];
    }

    void Send(Digest digest)
    {
        _sentAt = digest.At;
        _sent.Add((digest.At, string.Join(", ", digest.Notices.OrderBy(notice => notice.Alert.FiredAt).Select(notice =>
            $"{notice.Alert.Vehicle!.Name} {notice.Kind.ToString().ToLowerInvariant()}{(notice.Reminder > 0 ? $" {notice.Reminder}" : "")}"))));
        foreach (var notice in digest.Notices)
        {
            var name = notice.Alert.Vehicle!.Name!;
            _alerts[name] = _alerts[name] with { Cursor = _alerts[name].Cursor.After(notice, digest.At) };
        }
    }

    ChannelRun Change(double at, string name, Func<Alert, Alert> change) => Do(at, () => _alerts[name] = _alerts[name] with { Alert = change(_alerts[name].Alert) });
}
