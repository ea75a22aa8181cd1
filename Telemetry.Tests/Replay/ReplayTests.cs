using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Replay;

/// <summary>Recorded drives through the live path on virtual time, against the referee: every message and every state.</summary>
public class ReplayTests
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", 5)]
    [InlineData("etios_commute_dropouts.csv", 3)]
    [InlineData("leon_two_trips_12h_off.csv", 3)]
    [InlineData("leaf_ev_trip.csv", 1)]
    [InlineData("etios_highway_41min.csv", 1)]
    [InlineData("leon_frost_start.csv", 1)]
    public void A_drive_gives_what_the_referee_says(string drive, int changesWithoutTheEnd) =>
        Compare(Drive.Read(Require.Drive(drive)), Interval).Stands.Should().HaveCount(changesWithoutTheEnd + 1);

    [Theory]
    [InlineData("leon_logging_gap_10min.csv", 5)]
    [InlineData("leaf_ev_trip.csv", 1)]
    public void Without_a_rate_limit_every_reading_is_a_message(string name, int changesWithoutTheEnd)
    {
        var drive = Drive.Read(Require.Drive(name));
        Compare(drive, TimeSpan.Zero).Frames.Should().HaveCount(drive.Log.Count + changesWithoutTheEnd / 2 + 1);
    }

    [Fact]
    public void A_drive_whose_last_values_are_repeated_for_minutes_is_stale_and_comes_back()
    {
        var drive = Drive.Read(Require.Drive("etios_commute_dropouts.csv"));
        var pause = TimeSpan.FromSeconds(120);
        var log = drive.Log.TakeWhile(said => said.At < pause).ToList();
        var words = log.GroupBy(said => said.Values[0].Metric).Select(metric => metric.Last()).ToList();
        for (var second = 1; second <= 300; second++) log.AddRange(words.Select(said => said with { At = pause + TimeSpan.FromSeconds(second) }));
        log.AddRange(drive.Log.Where(said => said.At >= pause && said.At < 1.5 * pause).Select(said => said with { At = said.At + TimeSpan.FromSeconds(301) }));
        Compare(drive with { Log = log }, Interval).Stands.Select(stand => stand.Reason).Should().Equal("reading", "stale", "reading", "silence");
    }

    static Referee Compare(Drive drive, TimeSpan interval)
    {
        var device = drive.IsMiles ? "leaf" : Vehicle.DefaultDevice;
        var end = drive.Log[^1].At + TimeSpan.FromMinutes(1);
        using var replay = new Replay(interval, Silence, Stale);
        replay.Run(drive.Log.Select(said => drive.Message(device, said) is var (topic, payload) ? (said.At, topic, payload, false) : default), end);
        var vehicle = replay.Vehicles.Of(device);
        var referee = new Referee(vehicle.Id, interval, Silence, Stale) { Scale = drive.Scale }.Judge(drive.Log, Marbles.Time(0), end);
        replay.Confirm(vehicle, referee);
        return referee;
    }
}
