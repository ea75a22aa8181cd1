using System.Reactive.Concurrency;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Control unit that each signal of a vehicle is read from, where several answer the same question. One caller at a time.</summary>
/// <remarks>
/// The lowest answering identifier is the source: 0x7E8, the engine's, before 0x7E9. Another one replaces it after it has been silent
/// for the vehicle's timeout. Values of the others are kept under names of their own, such as <c>rpm_7e9</c>.
/// </remarks>
/// <param name="signals">Gives the others' values their names.</param>
/// <param name="limits">How long a source may be silent.</param>
/// <param name="scheduler">Measures that.</param>
public sealed class AnswerSources(SignalCatalog signals, PresenceLimits limits, IScheduler scheduler)
{
    /// <summary>Names that the other control units of a vehicle may have; values of more are dropped.</summary>
    public const int MaxNamesOfOthers = 64;

    // All control units answer a request within 50 ms (P2 of ISO 15765-4). Polled less often than the timeout, a source is not
    // silent because another one is faster this time.
    static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    readonly IStopwatch _stopwatch = scheduler.StartStopwatch();
    readonly Dictionary<Vehicle, VehicleSources> _vehicles = [];

    /// <summary>Leaves the sources' values their names, and gives the others' names of their own.</summary>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="values">The values of a message.</param>
    /// <param name="answers">Where each answer's values begin, and the identifier it came under.</param>
    /// <returns>How many values were dropped, as there were too many names.</returns>
    internal int Assign(Vehicle vehicle, List<(Signal Signal, double Value)> values, List<(int Start, uint Id)> answers)
    {
        if (!_vehicles.TryGetValue(vehicle, out var known)) _vehicles[vehicle] = known = new VehicleSources();
        var (now, timeout) = (_stopwatch.Elapsed, limits.OfflineAfterOf(vehicle));
        // First all answers: in one message the lowest may come last.
        for (var answer = 0; answer < answers.Count; answer++)
            for (var i = answers[answer].Start; i < End(answer); i++) known.Answered(values[i].Signal, answers[answer].Id, now, timeout);

        var dropped = 0;
        for (var answer = answers.Count - 1; answer >= 0; answer--)
        {
            for (var i = End(answer) - 1; i >= answers[answer].Start; i--)
            {
                var (signal, value) = values[i];
                if (known.IsSource(signal, answers[answer].Id)) continue;
                if (NameOfOther(known, signal, answers[answer].Id) is { } other)
                {
                    values[i] = (other, value);
                    continue;
                }

                values.RemoveAt(i);
                dropped++;
            }
        }

        return dropped;

        // Values are removed from the back: where an answer begins does not change.
        int End(int answer) => answer + 1 < answers.Count ? Math.Min(answers[answer + 1].Start, values.Count) : values.Count;
    }

    /// <summary>Drops what is known of a vehicle.</summary>
    public void Remove(Vehicle vehicle) => _vehicles.Remove(vehicle);

    Signal? NameOfOther(VehicleSources known, Signal signal, uint id)
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

    // ReplacedSince: another one has answered since the source did.
    readonly record struct Source(uint Id, TimeSpan At, TimeSpan? ReplacedSince);
}
