using System.Buffers;
using System.Globalization;
using System.Reactive.Linq;
using System.Text;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Ingest;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Replay;

/// <summary>Recorded drives through the live path on virtual time, against the referee: every message and every state.</summary>
public class ReplayTests
{
    const double Silence = 10_000;
    const double Stale = 60_000;

    readonly Marbles _marbles = new();

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", 5)]
    [InlineData("etios_commute_dropouts.csv", 3)]
    [InlineData("leon_two_trips_12h_off.csv", 3)]
    [InlineData("leaf_ev_trip.csv", 1)]
    [InlineData("etios_highway_41min.csv", 1)]
    [InlineData("leon_frost_start.csv", 1)]
    public void A_drive_gives_what_the_referee_says(string drive, int changesWithoutTheEnd) => Compare(Log(drive), 40, changesWithoutTheEnd + 1);

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", 5)]
    [InlineData("leaf_ev_trip.csv", 1)]
    public void Without_a_rate_limit_every_reading_is_a_message(string drive, int changesWithoutTheEnd)
    {
        var log = Log(drive);
        Compare(log, 0, changesWithoutTheEnd + 1).Should().Be(log.Count + changesWithoutTheEnd / 2 + 1);
    }

    [Fact]
    public void A_drive_whose_last_values_are_repeated_for_minutes_is_stale_and_comes_back()
    {
        var log = Log("etios_commute_dropouts.csv").TakeWhile(reading => reading.Milliseconds < 120_000).ToList();
        var words = log.GroupBy(reading => reading.Metric).Select(metric => metric.Last()).ToList();
        for (var second = 1; second <= 300; second++) log.AddRange(words.Select(reading => reading with { Milliseconds = 120_000 + second * 1000 }));
        log.AddRange(Log("etios_commute_dropouts.csv").Where(reading => reading.Milliseconds is >= 120_000 and < 180_000).Select(reading => reading with { Milliseconds = reading.Milliseconds + 301_000 }));
        Compare(log, 40, changes: 4);
    }

    static List<Logged> Log(string drive) =>
        [.. File.ReadLines(Require.Drive(drive)).Skip(1).Select(line => line.Split(',')).Select(fields => new Logged(double.Parse(fields[0], CultureInfo.InvariantCulture) * 1000, fields[1], fields[2]))];

    // The electric car was logged in miles an hour: a rule makes km/h of them, in both.
    static readonly TopicRule Rule = new() { Topic = "log/mph/{signal}", Units = { ["vehicle_speed"] = "mph", ["ambient"] = "fahrenheit" } };

    int Compare(List<Logged> log, double interval, int changes)
    {
        var isMph = log.Exists(reading => reading.Metric == "gids");
        var end = log[^1].Milliseconds + 60_000;
        var referee = new Referee(interval, Silence, Stale)
        {
            Scale = (metric, value) => !isMph ? value : metric == "vehicle_speed" ? value * 1.609344 : metric == "ambient" ? (value - 32) * 5 / 9 : value,
        };
        referee.Judge(log, Marbles.Time(0), end);

        var signals = new SignalCatalog();
        var vehicles = new VehicleRegistry();
        using var graph = new LiveGraph(new Pacing(TimeSpan.FromMilliseconds(interval), new PresenceLimits(TimeSpan.FromMilliseconds(Silence), TimeSpan.FromMilliseconds(Stale))), _marbles.Scheduler);
        var intake = new Intake(new MessageReader(new TopicRules("wican/#", [Rule], signals), signals, vehicles, new RegistrationLimit(0), new IngestCounters()), graph, _marbles.Scheduler);
        var frames = new List<(double At, string Message)>();
        var states = new List<(double At, string State)>();
        graph.Updates.Subscribe(picture => frames.Add((_marbles.Now, Encoding.UTF8.GetString(TelemetryMessage.Serialize(picture, SignalChoice.None)))));
        graph.Pictures.Where(picture => picture.IsTransition).Subscribe(picture => states.Add((_marbles.Now, picture.State.ToString().ToLowerInvariant())));
        foreach (var (at, metric, text) in log)
        {
            _marbles.RunTo(at);
            intake.Take(isMph ? $"log/mph/{metric}" : $"wican/{metric}", new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), retained: false).Should().NotBeNull();
        }

        _marbles.RunTo(end);
        states.Should().Equal(referee.States, SameTime);
        states.Should().HaveCount(changes);
        frames.Should().HaveSameCount(referee.Frames);
        foreach (var (mine, other) in frames.Zip(referee.Frames))
        {
            mine.Message.Should().Be(other.Message);
            mine.At.Should().BeApproximately(other.At, 0.001);
        }

        return frames.Count;
    }

    static bool SameTime((double At, string State) mine, (double At, string State) other) => Math.Abs(mine.At - other.At) < 0.001 && mine.State == other.State;
}
