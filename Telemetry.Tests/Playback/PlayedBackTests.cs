using System.Buffers;
using System.Globalization;
using System.Text;
using Telemetry.Api.History;
using Telemetry.Api.Playback;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Ingest;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Replay;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Playback;

/// <summary>Recorded drives, stored while they were live and played back on virtual time.</summary>
public sealed class PlayedBackTests : IDisposable
{
    static readonly PresenceLimits Usual = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));

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
    public async Task A_drive_gives_what_the_referee_says_of_the_live_one(string drive, double speed, int changesWithoutTheEnd)
    {
        var log = Log(drive);
        var reader = await Live(log, new Pacing(TimeSpan.FromMilliseconds(40), Usual));
        var end = log[^1].Milliseconds + 60_000;
        // To the referee the rate limit is one of recorded time.
        var referee = new Referee(1, TimeSpan.FromMilliseconds(40 * speed), Usual.OfflineAfter!.Value, Usual.StaleAfter);
        referee.Judge(log.Select(reading => new Said(TimeSpan.FromMilliseconds(reading.Milliseconds), Kind.Readings, (reading.Metric, reading.Text))), Marbles.Time(0), TimeSpan.FromMilliseconds(end));

        var (frames, states) = await Play(reader, Marbles.Time(-1), Marbles.Time(end), speed);
        states.Should().Equal(referee.Stands, (mine, other) => Math.Abs(mine.At - other.At.TotalMilliseconds) < 0.0021 && mine.State == other.State);
        states.Should().HaveCount(changesWithoutTheEnd + 1);
        frames[0].Message.Should().Contain("\"offline\"").And.Contain("\"rpm\":null,");
        frames.Skip(1).Select(frame => frame.Message).Should().Equal(referee.Frames.Select(frame => frame.Message));
        foreach (var (mine, other) in frames.Skip(1).Zip(referee.Frames)) mine.At.Should().BeApproximately(other.At.TotalMilliseconds, 0.0021);
    }

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", "00:00:10")]
    [InlineData("etios_commute_dropouts.csv", "00:00:03")]
    [InlineData("leaf_ev_trip.csv", "auto")]
    [InlineData("leaf_ev_trip.csv", "00:00:05.500")]
    public async Task Wherever_it_is_opened_it_is_as_it_was_live(string drive, string timeout)
    {
        // The last minutes repeat themselves, but for one signal now and then: stale, alive, stale.
        var log = Log(drive).TakeWhile(reading => reading.Milliseconds < 900_000).ToList();
        var words = log.GroupBy(reading => reading.Metric).Select(metric => metric.Last()).ToList();
        for (var second = 1; second <= 400; second += 4)
        {
            foreach (var word in words)
                log.Add(word with { Milliseconds = 900_000 + second * 1000, Text = second is 201 or 261 && word.Metric == "rpm" ? $"{second}" : word.Text });
        }

        await OpensAsLive(log, new PresenceLimits(timeout == "auto" ? null : TimeSpan.Parse(timeout, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_slow_publisher_whose_time_is_learned_is_as_it_was_live()
    {
        var log = Enumerable.Range(0, 40).SelectMany(round => new[] { new Logged(round * 60_000, "rpm", $"{round}"), new Logged(round * 60_000 + 2000, "vehicle_speed", $"{round % 3}") })
            .Where(reading => reading.Milliseconds is < 900_000 or > 1_300_000).ToList();
        await OpensAsLive(log, new PresenceLimits(null, TimeSpan.FromSeconds(60)));
    }

    // At a thousand instants, and a moment before and after each change of state.
    async Task OpensAsLive(List<Logged> log, PresenceLimits limits)
    {
        var pacing = new Pacing(TimeSpan.Zero, limits);
        var pictures = new List<(double At, VehiclePicture Picture)>();
        var reader = await Live(log, pacing, pictures);
        var vehicle = _vehicles.Default;
        var signals = await reader.Signals(vehicle, default);
        var recordings = new Recordings(reader, pacing);
        var random = new Random(7);
        var end = log[^1].Milliseconds + 60_000;
        var instants = Enumerable.Range(0, 1000).Select(_ => random.NextDouble() * end)
            .Concat(pictures.Where(change => change.Picture.IsTransition).SelectMany(change => new[] { change.At - 0.02, change.At + 0.02 })).Where(at => at > log[0].Milliseconds + 1).ToList();
        pictures.Count(change => change.Picture.IsTransition).Should().BeGreaterThan(2);
        foreach (var at in instants)
        {
            var (life, _) = await recordings.Open(vehicle, signals, TimeSpan.Zero, Marbles.Time(at), Marbles.Time(end), default);
            using var opened = life;
            var live = pictures.Last(change => change.At <= at).Picture;
            Text(life.Picture, SignalChoice.All).Should().Be(Text(live, SignalChoice.All), $"so it was at {at} ms ({live.Presence.Reason})");
        }
    }

    [Fact]
    public async Task A_page_may_end_anywhere()
    {
        // Messages of 300 readings and one microsecond apart: pages end within them.
        var log = Enumerable.Range(0, 30).SelectMany(message => Enumerable.Range(0, 300).Select(signal => (message, signal))).ToList();
        var store = await Store();
        var at = Marbles.Time(0);
        await store.Write([.. log.GroupBy(row => row.message).Select(message => new HistoryEntry(_vehicles.Default, [.. message.Select(row => new Reading(Named($"s{row.signal}"), row.message, at.AddMicroseconds(row.message)))], null))]);
        var reader = Reader();
        var recording = new Recording(reader, _vehicles.Default, await reader.Signals(_vehicles.Default, default), at.AddMicroseconds(-1), at.AddMicroseconds(29));
        for (var message = 0; message < 29; message++)
        {
            var readings = (await recording.Peek(default))!;
            readings.Should().HaveCount(300).And.OnlyContain(reading => reading.Value == message && reading.At == at.AddMicroseconds(message));
            (await recording.Peek(default)).Should().Equal(readings, "it is only looked at");
            recording.Take();
        }

        (await recording.Peek(default)).Should().BeNull();
    }

    static List<Logged> Log(string drive) =>
        [.. File.ReadLines(Require.Drive(drive)).Skip(1).Select(line => line.Split(',')).Select(fields => new Logged(double.Parse(fields[0], CultureInfo.InvariantCulture) * 1000, fields[1], fields[2]))];

    static string Text(VehiclePicture picture, SignalChoice signals) => Encoding.UTF8.GetString(TelemetryMessage.Serialize(picture, signals));

    Signal Named(string name) => _signals.TryNamed(name, out var signal) ? signal! : throw new InvalidOperationException();

    async Task<ReadingStore> Store()
    {
        var store = new ReadingStore(new SqliteDialect(_folder["store.db"]), _signals, _vehicles);
        await store.Prepare();
        return store;
    }

    RecordingReader Reader() => new(new SqliteDialect(_folder["store.db"]), _signals);

    // Plays the log through the live path, and stores what came of it; the log has the stored times then, which are never the same.
    async Task<RecordingReader> Live(List<Logged> log, Pacing pacing, List<(double At, VehiclePicture Picture)>? pictures = null)
    {
        using var graph = new LiveGraph(pacing, _marbles.Scheduler);
        graph.Pictures.Subscribe(picture => pictures?.Add((_marbles.Now, picture)));
        var intake = new Intake(new MessageReader(new TopicRules("wican/#", [], _signals), _signals, _vehicles, new RegistrationLimit(0), new IngestCounters()), graph, _marbles.Scheduler);
        var entries = new List<HistoryEntry>();
        foreach (var (at, metric, text) in log.ToList())
        {
            _marbles.RunTo(at);
            var arrival = (Arrival)intake.Take($"wican/{metric}", new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), retained: false)!;
            entries.Add(new HistoryEntry(arrival.Vehicle, arrival.Readings, null));
            var stored = (arrival.Readings[0].At - Marbles.Time(0)).TotalMilliseconds;
            // Of microseconds, a fifth of one more is the same one, however it is rounded.
            log[entries.Count - 1] = log[entries.Count - 1] with { Milliseconds = stored == Math.Floor(stored) ? stored : stored + 0.0002 };
        }

        _marbles.RunTo(log[^1].Milliseconds + 60_000);
        await (await Store()).Write(entries);
        return Reader();
    }

    async Task<(List<(double At, string Message)> Frames, List<(double At, string State)> States)> Play(RecordingReader reader, DateTime from, DateTime until, double speed)
    {
        var vehicle = _vehicles.Default;
        var recordings = new Recordings(reader, new Pacing(TimeSpan.FromMilliseconds(40), Usual));
        var (life, ahead) = await recordings.Open(vehicle, await reader.Signals(vehicle, default), TimeSpan.Zero, from, until, default);
        using var playing = life;
        var (frames, states) = (new List<(double, string)>(), new List<(double, string)>());
        life.Begin(speed);
        Show();
        while (true)
        {
            var message = await ahead.Peek(default);
            if (life.NextDue < (message?[0].At ?? until))
            {
                life.AdvanceTo(life.NextDue.Value);
            }
            else if (message is not null)
            {
                life.Hear(message);
                ahead.Take();
            }
            else
            {
                break;
            }

            Show();
        }

        life.AdvanceTo(until);
        life.Flush();
        Show();
        return (frames, states);

        void Show()
        {
            while (life.Take() is { } picture)
            {
                var at = (life.Now - Marbles.Time(0)).TotalMilliseconds;
                frames.Add((at, Text(picture, SignalChoice.None)));
                if (picture.IsTransition) states.Add((at, picture.State.ToString().ToLowerInvariant()));
            }
        }
    }

    // A line of a drive's log.
    sealed record Logged(double Milliseconds, string Metric, string Text);
}
