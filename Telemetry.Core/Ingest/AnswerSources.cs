using System.Reactive.Concurrency;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Source control unit of each signal of a vehicle, where several answer the same request. One caller at a time.</summary>
/// <remarks>
/// The lowest answering identifier is the source: 0x7E8, the engine's, before 0x7E9. After it has been silent for the vehicle's timeout,
/// another one replaces it. Values of the others get names with the identifier, such as <c>rpm_7e9</c>.
/// </remarks>
/// <param name="signals">Catalog for the names of the others' values.</param>
/// <param name="limits">Timeouts.</param>
/// <param name="scheduler">Clock of the timeouts.</param>
public sealed class AnswerSources(SignalCatalog signals, PresenceLimits limits, IScheduler scheduler)
{
    /// <summary>Maximum names of a vehicle's other control units; further values are dropped.</summary>
    public const int MaxNamesOfOthers = 64;

    // All control units answer a request within 50 ms (P2 of ISO 15765-4). If a vehicle is polled less often than the timeout, the source is
    // not silent only because another one answers first this time.
    static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    readonly IStopwatch _stopwatch = scheduler.StartStopwatch();
    readonly Dictionary<Vehicle, VehicleSources> _vehicles = [];

    /// <summary>Renames the values of control units that are not the source.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="values">Values of a message; changed in place.</param>
    /// <param name="answers">Index of each answer's first value, and the identifier of its control unit.</param>
    /// <returns>Number of values dropped because there are too many names.</returns>
    internal int Assign(Vehicle vehicle, List<(Signal Signal, double Value)> values, List<(int Start, uint Id)> answers)
    {
        if (!_vehicles.TryGetValue(vehicle, out var known)) _vehicles[vehicle] = known = new VehicleSources();
        var (now, timeout) = (_stopwatch.Elapsed, limits.OfflineAfterOf(vehicle));
        // All answers first: the lowest identifier may come last in a message.
        for (var answer = 0; answer < answers.Count; answer++)
            for (var i = answers[answer].Start; i < End(answer); i++) known.Answered(values[i].Signal, answers[answer].Id, now, timeout);

        var dropped = 0;
        for (var answer = answers.Count - 1; answer >= 0; answer--)
        {
            for (var i = End(answer) - 1; i >= answers[answer].Start; i--)
            {
                var (signal, value) = values[i];
                if (known.IsSource(signal, answers[answer].Id)) continue;
                if (RenamedSignal(known, signal, answers[answer].Id) is { } other)
                {
                    values[i] = (other, value);
                    continue;
                }

                values.RemoveAt(i);
                dropped++;
            }
        }

        return dropped;

        // Values are removed from the end, so the start of an answer does not move.
        int End(int answer) => answer + 1 < answers.Count ? Math.Min(answers[answer + 1].Start, values.Count) : values.Count;
    }

    /// <summary>Drops a vehicle's sources.</summary>
    public void Remove(Vehicle vehicle) => _vehicles.Remove(vehicle);

    Signal? RenamedSignal(VehicleSources known, Signal signal, uint id)
    {
        if (known.Others.TryGetValue((signal, id), out var other)) return other;
        if (known.Others.Count >= MaxNamesOfOthers || !signals.TryNamed($"{signal.Name}_{id:x}", out other)) return null;
        return known.Others[(signal, id)] = other!;
    }

    sealed class VehicleSources
    {
        readonly Dictionary<Signal, Source> _sources = [];

        public Dictionary<(Signal Signal, uint Id), Signal> Others { get; } = [];

        public bool IsSource(Signal signal, uint id) => _sources[signal].Id == id;

        public void Answered(Signal signal, uint id, TimeSpan now, TimeSpan timeout)
        {
            if (!_sources.TryGetValue(signal, out var source) || id <= source.Id) _sources[signal] = new Source(id, now, null);
            else if (source.ReplacedSince is not { } since) _sources[signal] = source with { ReplacedSince = now };
            else if (now - source.At >= timeout && now - since >= AnswerTime) _sources[signal] = new Source(id, now, null);
        }
    }

    // ReplacedSince: first answer of another control unit since the last one of the source.
    readonly record struct Source(uint Id, TimeSpan At, TimeSpan? ReplacedSince);
}
