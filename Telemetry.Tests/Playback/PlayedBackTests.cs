using System.Buffers;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Text;
using Telemetry.Api.Replay;
using Telemetry.Api.Store;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Playback;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Replay;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Playback;

/// <summary>Recorded drives, stored while they were live and played back on virtual time.</summary>
public sealed class PlayedBackTests : IDisposable
{
    static readonly PresenceLimits Usual = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);
    static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    readonly TempFolder _folder = new();
    readonly Marbles _marbles = new();
    readonly SignalCatalog _signals = new();
    readonly VehicleRegistry _vehicles = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", 60, 5)]
    [InlineData("etios_commute_dropouts.csv", 60, 3)]
    [InlineData("leon_two_trips_12h_off.csv", 60, 3)]
    [InlineData("leaf_ev_trip.csv", 60, 1)]
    [InlineData("etios_highway_41min.csv", 60, 1)]
    [InlineData("leon_frost_start.csv", 60, 1)]
    [InlineData("leon_logging_gap_10min.csv", 1, 5)]
    [InlineData("etios_commute_dropouts.csv", 0.25, 3)]
    public async Task A_drive_gives_what_the_referee_says_of_the_live_one(string name, double speed, int changesWithoutTheEnd)
    {
        var drive = Drive.Read(Require.Drive(name));
        var (reader, log) = await Live(drive, new Pacing(Interval, Usual));
        var end = log[^1].At + AMinute;
        // To the referee the rate limit is one of recorded time.
        var referee = new Referee(Vehicle(drive).Id, Interval * speed, Usual.OfflineAfter!.Value, Usual.StaleAfter) { Scale = drive.Scale }.Judge(log, Marbles.Time(0), end);

        var (frames, stands) = await Play(reader, Vehicle(drive), end, speed);
        stands.Should().Equal(referee.Stands);
        stands.Should().HaveCount(changesWithoutTheEnd + 1);
        frames[0].Message.Should().Contain("\"offline\"").And.Contain("\"rpm\":null,");
        frames.Skip(1).Should().Equal(referee.Frames.Select(frame => (frame.At, frame.Message)));
    }

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", "00:00:10")]
    [InlineData("etios_commute_dropouts.csv", "00:00:03")]
    [InlineData("leaf_ev_trip.csv", "auto")]
    [InlineData("leaf_ev_trip.csv", "00:00:05.500")]
    public async Task Wherever_it_is_opened_it_is_as_it_was_live(string name, string timeout)
    {
        // The last minutes repeat themselves, but for one signal now and then: stale, alive, stale.
        var drive = Drive.Read(Require.Drive(name));
        var quarter = TimeSpan.FromMinutes(15);
        var log = drive.Log.TakeWhile(said => said.At < quarter).ToList();
        var words = log.GroupBy(said => said.Values[0].Metric).Select(metric => metric.Last()).ToList();
        for (var second = 1; second <= 400; second += 4)
        {
            foreach (var word in words)
            {
                var text = second is 201 or 261 && word.Values[0].Metric == "rpm" ? $"{second}" : word.Values[0].Text;
                log.Add(new Said(quarter + TimeSpan.FromSeconds(second), Kind.Readings, (word.Values[0].Metric, text)));
            }
        }

        await OpensAsLive(drive with { Log = log }, new PresenceLimits(timeout == "auto" ? null : TimeSpan.Parse(timeout, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_slow_publisher_whose_time_is_learned_is_as_it_was_live()
    {
        var log = Enumerable.Range(0, 40).Where(minute => minute is < 15 or > 21).SelectMany(minute => new[]
        {
            new Said(AMinute * minute, Kind.Readings, ("rpm", $"{minute}")),
            new Said(AMinute * minute + TimeSpan.FromSeconds(2), Kind.Readings, ("vehicle_speed", $"{minute % 3}")),
        });
        await OpensAsLive(new Drive([.. log], IsMiles: false), new PresenceLimits(null, TimeSpan.FromSeconds(60)));
    }

    // At a thousand instants, and a moment before and after each change of state.
    async Task OpensAsLive(Drive drive, PresenceLimits limits)
    {
        var pacing = new Pacing(TimeSpan.Zero, limits);
        var snapshots = new List<(TimeSpan At, VehicleSnapshot Snapshot)>();
        var (reader, log) = await Live(drive, pacing, snapshots);
        var signals = await reader.SignalsAsync(Vehicle(drive), default);
        var recordings = new ReplayOpener(reader, limits);
        var random = new Random(7);
        var end = log[^1].At + AMinute;
        var moment = TimeSpan.FromMicroseconds(20);
        var changes = snapshots.Where(change => change.Snapshot.IsTransition).ToList();
        changes.Should().HaveCountGreaterThan(2);
        var instants = Enumerable.Range(0, 1000).Select(_ => random.NextDouble() * end).Concat(changes.SelectMany(change => new[] { change.At - moment, change.At + moment })).Where(at => at > log[0].At);
        foreach (var at in instants)
        {
            var (life, _) = await recordings.OpenAsync(Vehicle(drive), signals, Marbles.Time(0) + at, Marbles.Time(0) + end, default);
            using var opened = life;
            var live = snapshots.Last(change => change.At <= at).Snapshot;
            Text(life.Snapshot, SignalChoice.All).Should().Be(Text(live, SignalChoice.All), $"so it was at {at} ({live.Presence.Reason})");
        }
    }

    [Fact]
    public async Task A_page_may_end_anywhere()
    {
        // Messages of 300 readings and one microsecond apart: pages end within them.
        var log = Enumerable.Range(0, 30).SelectMany(message => Enumerable.Range(0, 300).Select(signal => (message, signal))).ToList();
        var store = await Store();
        var at = Marbles.Time(0);
        await store.WriteAsync([.. log.GroupBy(row => row.message).Select(message => new HistoryEntry(_vehicles.Default, [.. message.Select(row => new Reading(Named($"s{row.signal}"), row.message, at.AddMicroseconds(row.message)))], null))]);
        var reader = Reader();
        var recording = new RecordingCursor(reader, _vehicles.Default, await reader.SignalsAsync(_vehicles.Default, default), at.AddMicroseconds(-1), at.AddMicroseconds(29));
        for (var message = 0; message < 29; message++)
        {
            var readings = (await recording.PeekAsync(default))!;
            readings.Should().HaveCount(300).And.OnlyContain(reading => reading.Value == message && reading.At == at.AddMicroseconds(message));
            (await recording.PeekAsync(default)).Should().Equal(readings, "it is only looked at");
            recording.Take();
        }

        (await recording.PeekAsync(default)).Should().BeNull();
    }

    Vehicle Vehicle(Drive drive) => _vehicles.Of(Device(drive));

    static string Device(Drive drive) => drive.IsMiles ? "leaf" : Core.Vehicles.Vehicle.DefaultDevice;

    static string Text(VehicleSnapshot snapshot, SignalChoice signals) => Encoding.UTF8.GetString(TelemetryMessage.Serialize(snapshot, signals));

    Signal Named(string name) => _signals.TryNamed(name, out var signal) ? signal! : throw new InvalidOperationException();

    async Task<ReadingStore> Store()
    {
        var store = new ReadingStore(new SqliteDialect(_folder["store.db"]), _signals, _vehicles, new VehicleOwnership(), Scheduler.Default);
        await store.PrepareAsync();
        return store;
    }

    RecordingQueries Reader() => new(new SqliteDialect(_folder["store.db"]), _signals);

    // Plays the drive through the live path, and stores what came of it. The log that it returns has the stored times, which are never the same.
    async Task<(RecordingQueries Reader, List<Said> Log)> Live(Drive drive, Pacing pacing, List<(TimeSpan At, VehicleSnapshot Snapshot)>? snapshots = null)
    {
        using var graphs = new LiveGraphs(1, pacing, _marbles.Scheduler);
        graphs.All[0].Snapshots.Subscribe(snapshot => snapshots?.Add((_marbles.Elapsed, snapshot)));
        var intake = Messages.Intake(graphs, _marbles.Scheduler, pacing.Presence, _vehicles, new TroubleCodeRegistry(), new IngestCounters(), 0, _signals, "wican/#", Drive.Rule);
        var (entries, log) = (new List<HistoryEntry>(), new List<Said>());
        foreach (var said in drive.Log)
        {
            _marbles.RunTo(said.At);
            var (topic, payload) = drive.Message(Device(drive), said);
            var arrival = (Arrival)intake.Take(topic, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), retained: false)!;
            entries.Add(new HistoryEntry(arrival.Vehicle, arrival.Readings, null));
            log.Add(said with { At = arrival.Readings[0].At - Marbles.Time(0) });
        }

        _marbles.RunTo(log[^1].At + AMinute);
        await (await Store()).WriteAsync(entries);
        return (Reader(), log);
    }

    static async Task<(List<(TimeSpan At, string Message)> Frames, List<Stand> Stands)> Play(RecordingQueries reader, Vehicle vehicle, TimeSpan end, double speed)
    {
        var (from, until) = (Marbles.Time(-1), Marbles.Time(0) + end);
        var recordings = new ReplayOpener(reader, Usual);
        var (replay, ahead) = await recordings.OpenAsync(vehicle, await reader.SignalsAsync(vehicle, default), from, until, default);
        using var playing = replay;
        using var paced = new PacedReplay(replay, Interval);
        var (frames, stands) = (new List<(TimeSpan, string)>(), new List<Stand>());
        paced.Begin(speed);
        Show();
        while (true)
        {
            var message = await ahead.PeekAsync(default);
            if (replay.NextDue < (message?[0].At ?? until))
            {
                replay.AdvanceTo(replay.NextDue.Value);
            }
            else if (message is not null)
            {
                replay.Feed(message);
                ahead.Take();
            }
            else
            {
                break;
            }

            Show();
        }

        replay.AdvanceTo(until);
        paced.Flush();
        Show();
        return (frames, stands);

        void Show()
        {
            while (paced.Take() is { } snapshot)
            {
                var at = replay.Now - Marbles.Time(0);
                frames.Add((at, Text(snapshot, SignalChoice.None)));
                if (snapshot.IsTransition) stands.Add(new Stand(at, snapshot.State.ToString().ToLowerInvariant(), snapshot.Presence.Reason.ToString().ToLowerInvariant()));
            }
        }
    }
}
