using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;
using Telemetry.Core.Notifications;

namespace Telemetry.Api.Alerts;

/// <summary><c>Alerts</c>: when rules are judged, and how long alerts are kept.</summary>
sealed class AlertsSettings
{
    /// <summary>Time after the link to the broker came up in which nothing is judged: the broker hands over what it has kept.</summary>
    [Duration("00:00:00", "00:10:00", ErrorMessage = "takes a duration as hh:mm:ss, 00:00:00 to 00:10:00")]
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(10);

    [Duration("00:00:00", "36500.00:00:00", ErrorMessage = "takes a duration as d.hh:mm:ss, such as 365.00:00:00, or 0")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(365);

    public Dictionary<string, ChannelSection> Channels { get; set; } = [];

    public string Url { get; set; } = "";

    public string Heartbeat { get; set; } = "";

    /// <summary>Hosts of push services besides the known ones, comma-separated; empty: none.</summary>
    public string PushServices { get; set; } = "";

    /// <summary>Contact of the operator for push services, as <c>mailto:</c> or <c>https:</c>; empty: the public address of the pages.</summary>
    public string PushSubject { get; set; } = "";

    /// <summary>True for the built-in rule of a channel that is no longer configured: nothing is sent there, so its alert would never end.</summary>
    public bool IsOfRemovedChannel(int ruleId) => ServerRules.IsOfChannel(ruleId) && !Channels.Keys.Any(name => ServerRules.OfChannel(name) == ruleId);
}

[OptionsValidator]
sealed partial class AlertsValidator : IValidateOptions<AlertsSettings>;
