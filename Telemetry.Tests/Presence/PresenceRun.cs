using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Presence;

/// <summary>Two vehicles whose presence is watched on virtual time.</summary>
/// <param name="limits">Null: ten seconds of silence, and repetition does not count.</param>
sealed class PresenceRun(PresenceLimits? limits = null)
{
    public static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    readonly VehicleRegistry _registry = new();

    public Marbles Marbles { get; } = new();

    public PresenceLimits Limits { get; } = limits ?? new(Ten, TimeSpan.Zero);

    public Vehicle Car => _registry.Default;

    public Vehicle Other => _registry.Of("other");

    public List<(double At, Observation Value)> Observe(double end, params (double At, VehicleEvent Value)[] inputs) =>
        Marbles.Run<VehicleEvent, Observation>(source => source.WatchPresence(Limits, Marbles.Scheduler), end, inputs);

    public List<(double At, Vehicle Car)> Silences(double end, params (double At, VehicleEvent Value)[] inputs) =>
        [.. Observe(end, inputs).Where(output => output.Value.Event is Silence).Select(output => (output.At, output.Value.Event.Vehicle))];

    /// <summary>Each change of state and why, such as <c>0 running reading</c>.</summary>
    public List<string> States(double end, params (double At, VehicleEvent Value)[] inputs)
    {
        var states = new List<string>();
        var last = VehicleState.Offline;
        foreach (var (at, (_, presence)) in Observe(end, inputs))
        {
            if (presence.State == last) continue;
            last = presence.State;
            states.Add($"{at} {presence.State} {presence.Reason}".ToLowerInvariant());
        }

        return states;
    }

    public VehicleEvent Says(double rpm, double speed = 50) => Car.Arrives(Cars.At(0, Signal.Rpm, rpm), Cars.At(0, Signal.VehicleSpeed, speed));

    public static IEnumerable<(double, VehicleEvent)> Every(double period, double from, double to, Func<double, VehicleEvent> vehicleEvent)
    {
        for (var at = from; at <= to; at += period) yield return (at, vehicleEvent(at));
    }
}
