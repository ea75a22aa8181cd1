using System.Text.Json.Nodes;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Core.Alerts;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Live;

namespace Telemetry.Api.Alerts;

/// <summary>A rule on a vehicle, in the answers about rules.</summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="JudgedAt">The last instant at which it was judged, UTC; null: never since the start of the server.</param>
/// <param name="State"><c>idle</c>, <c>waiting</c>, <c>firing</c> or <c>clearing</c>.</param>
/// <param name="Waited">Judged seconds that it has been true, or was until it fired.</param>
sealed record RuleOnVehicle(int VehicleId, string? JudgedAt, string State, double Waited)
{
    public static RuleOnVehicle Of(WatchState state) => new(state.Vehicle.Id, state.JudgedAt is { } at ? Timestamps.Text(at) : null, PhaseName(state.Phase), Math.Round(state.Waited.TotalSeconds, 6));

    static string PhaseName(WatchPhase phase) => phase switch
    {
        WatchPhase.Idle => "idle",
        WatchPhase.Waiting => "waiting",
        WatchPhase.Firing => "firing",
        _ => "clearing",
    };
}

/// <summary>A rule as <c>GET /alerts/rules</c> tells it.</summary>
/// <param name="RuleId">Its id, from 1.</param>
/// <param name="Version">Raised by each change; to be given with the next one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Enabled">True if it is judged.</param>
/// <param name="Rule">The rule as it was given.</param>
/// <param name="ChangedAt">Time of the last change, UTC.</param>
/// <param name="ChangedBy">Subject of the token that changed it; null without login.</param>
/// <param name="Vehicles">The rule on the vehicles that it applies to, those that wait or have fired first.</param>
/// <param name="UnknownChannels">Channels in its <c>notify</c> that the settings do not have; nothing is sent to them.</param>
sealed record RuleView(int RuleId, int Version, string Name, string Severity, bool Enabled, JsonObject Rule, string ChangedAt, string? ChangedBy, IReadOnlyList<RuleOnVehicle> Vehicles, IReadOnlyList<string> UnknownChannels)
{
    public static RuleView Of(StoredRule stored, AccessScope viewer, LiveGraphs graphs, AlertsSettings settings, int maxVehicles)
    {
        var states = graphs.All.SelectMany(graph => graph.AlertStates.OfRule(stored.Rule.Id, vehicle => viewer.Allows(vehicle.Id), maxVehicles));
        var vehicles = states.OrderBy(state => state.Phase == WatchPhase.Idle).ThenBy(state => state.Vehicle.Id).Take(maxVehicles).Select(RuleOnVehicle.Of);
        return new RuleView(
            stored.Rule.Id, stored.Rule.Version, stored.Rule.Name, AlertMessage.SeverityName(stored.Rule.Severity), stored.Rule.IsEnabled, stored.Shown(viewer.Allows), Timestamps.Text(stored.ChangedAt), stored.ChangedBy,
            [.. vehicles], [.. stored.Rule.Notify.SelectMany(step => step.To).Distinct().Where(channel => !settings.Channels.ContainsKey(channel))]);
    }
}
