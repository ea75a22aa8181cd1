using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Telemetry.Api.HomeAssistant;

/// <summary><c>HomeAssistant</c>: vehicles as devices of Home Assistant, over the broker that the server uses.</summary>
sealed class HomeAssistantSettings
{
    const string TopicTakes = "takes a topic without + # and $, such as telemetry";
    const string TopicPattern = @"^[^+#$/\x00-\x1f\x7f][^+#\x00-\x1f\x7f]*(?<!/)$";

    public bool Enabled { get; set; }

    /// <summary>Prefix of the discovery topics, as set in Home Assistant.</summary>
    [Required(ErrorMessage = TopicTakes)]
    [RegularExpression(TopicPattern, ErrorMessage = TopicTakes)]
    public string DiscoveryPrefix { get; set; } = "homeassistant";

    /// <summary>Topic that states are below, and first part of the devices' identifiers. Servers with one broker need different ones.</summary>
    [Required(ErrorMessage = TopicTakes)]
    [RegularExpression(TopicPattern, ErrorMessage = TopicTakes)]
    public string Topic { get; set; } = "telemetry";
}

[OptionsValidator]
sealed partial class HomeAssistantValidator : IValidateOptions<HomeAssistantSettings>;
