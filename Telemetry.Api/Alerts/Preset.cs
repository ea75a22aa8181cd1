using System.Text.Json.Nodes;

namespace Telemetry.Api.Alerts;

/// <summary>A rule that is offered for a vehicle.</summary>
/// <param name="Key">Names the preset, for all vehicles the same.</param>
/// <param name="Rule">The rule, as <c>POST /alerts/rules</c> takes it.</param>
/// <param name="Why">Source of its threshold, in words.</param>
/// <param name="Band">The same in numbers; null where there is no reading of the last 30 days.</param>
sealed record Preset(string Key, JsonObject Rule, string Why, PresetBand? Band);

/// <summary>Values of a signal in a vehicle's drives of the last 30 days.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Unit">Its unit; null where it is not known.</param>
/// <param name="From">The highest value of each drive, or, for a rule on low values, the lowest: the lowest of these.</param>
/// <param name="To">The highest of these.</param>
/// <param name="Drives">Number of drives.</param>
sealed record PresetBand(string Signal, string? Unit, double From, double To, int Drives);
