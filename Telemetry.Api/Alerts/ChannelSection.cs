namespace Telemetry.Api.Alerts;

/// <summary><c>Alerts:Channels:&lt;name&gt;</c>: where alerts are sent. One of <see cref="Webhook"/>, <see cref="Smtp"/>, <see cref="Mqtt"/> and <see cref="Push"/> says how.</summary>
sealed class ChannelSection
{
    public string Webhook { get; set; } = "";

    /// <summary>Secret for signatures (Standard Webhooks); two comma-separated ones during a change. Empty: no signature.</summary>
    public string Secret { get; set; } = "";

    public string Token { get; set; } = "";

    /// <summary>Form of a webhook's messages: that of a service, or a template of JSON.</summary>
    public string Body { get; set; } = "";

    /// <summary>Mail server, as <c>smtp://user:password@host:port</c>, or <c>smtps</c>; empty: none.</summary>
    public string Smtp { get; set; } = "";

    /// <summary>Sender of mail; empty: the user of the mail server, where that is an address.</summary>
    public string From { get; set; } = "";

    public string To { get; set; } = "";

    /// <summary>Topic that states are retained below, on the broker that the server uses; empty: none.</summary>
    public string Mqtt { get; set; } = "";

    /// <summary>Prefix of Home Assistant's discovery, such as <c>homeassistant</c>; empty: no discovery.</summary>
    public string Discovery { get; set; } = "";

    public bool Push { get; set; }

    /// <summary>Hours in which it is silent, such as <c>22:00-07:00 Europe/Paris</c>; with <c>,all</c> also for critical alerts. Empty: none.</summary>
    public string Quiet { get; set; } = "";

    /// <summary>Shortest time between two messages, as <c>hh:mm:ss</c>; what comes meanwhile goes together. Empty: a minute, and none for MQTT.</summary>
    public string Every { get; set; } = "";

    public string Language { get; set; } = "en";
}
