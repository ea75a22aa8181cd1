using System.Buffers;
using System.Globalization;
using System.Reactive.Linq;
using System.Text;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Replay;

/// <summary>Messages of any number of cars through the live path, on virtual time; and what clients get of each.</summary>
sealed class Replay : IDisposable
{
    readonly Marbles _marbles = new();
    readonly LiveGraphs _graphs;
    readonly LiveInput _intake;

    public Replay(TimeSpan interval, TimeSpan silence, TimeSpan stale)
    {
        var signals = new SignalCatalog();
        _graphs = new LiveGraphs(3, new Pacing(interval, new PresenceLimits(silence, stale)), _marbles.Scheduler);
        _intake = Messages.Intake(_graphs, _marbles.Scheduler, new PresenceLimits(silence, stale), Vehicles, new TroubleCodeRegistry(), new IngestCounters(), 0, signals, "wican/#", Drive.Rule);
        foreach (var graph in _graphs.All)
        {
            graph.Updates.Subscribe(snapshot => Of(snapshot.Vehicle).Frames.Add(new Sent(_marbles.Elapsed, Encoding.UTF8.GetString(TelemetryMessage.Serialize(snapshot, SignalChoice.None)), Others(snapshot))));
            graph.Snapshots.Where(snapshot => snapshot.IsTransition).Subscribe(snapshot => Of(snapshot.Vehicle).Stands.Add(
                new Stand(_marbles.Elapsed, snapshot.State.ToString().ToLowerInvariant(), snapshot.Presence.Reason.ToString().ToLowerInvariant())));
        }
    }

    public VehicleRegistry Vehicles { get; } = new();

    Dictionary<Vehicle, (List<Sent> Frames, List<Stand> Stands)> Seen { get; } = [];

    public void Run(IEnumerable<(TimeSpan At, string Topic, string Payload, bool IsRetained)> messages, TimeSpan end)
    {
        foreach (var (at, topic, payload, isRetained) in messages)
        {
            _marbles.RunTo(at);
            _intake.Take(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), isRetained).Should().NotBeNull();
        }

        _marbles.RunTo(end);
    }

    /// <summary>Everything that clients got of a vehicle is what the referee says.</summary>
    public void Confirm(Vehicle vehicle, Referee referee)
    {
        var (frames, stands) = Of(vehicle);
        stands.Should().Equal(referee.Stands);
        frames.Zip(referee.Frames).FirstOrDefault(pair => pair.First != pair.Second).Should().Be(default, "no message of {0} differs from the referee's", vehicle.Device);
        frames.Should().HaveSameCount(referee.Frames);
    }

    public void Dispose() => _graphs.Dispose();

    (List<Sent> Frames, List<Stand> Stands) Of(Vehicle vehicle)
    {
        if (!Seen.TryGetValue(vehicle, out var seen)) Seen[vehicle] = seen = ([], []);
        return seen;
    }

    static string Others(VehicleSnapshot snapshot)
    {
        var others = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var reading in snapshot.Readings)
            if (reading.IsKnown && reading.Signal.Slot < 0) others[reading.Signal.Name] = reading.Value;
        return string.Join(' ', others.Select(pair => $"{pair.Key}={pair.Value.ToString("R", CultureInfo.InvariantCulture)}"));
    }
}
