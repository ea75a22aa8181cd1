using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Replay;

/// <summary>All recorded drives at the same time, each as a car of its own with a patience of its own, and everything that can come between.</summary>
public class FleetReplayTests
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);
    static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);

    // Shorter than the electric car's period, the server's, and longer than the longest gap of some.
    static readonly int[] Patience = [3, 10, 5, 700, 30, 12];

    [Fact]
    public void Cars_that_drive_at_the_same_time_give_the_results_of_each_alone()
    {
        using var replay = new Replay(Interval, TimeSpan.FromSeconds(10), Stale);
        var random = new Random(20261125);
        var cars = Require.Drives().Select((path, place) => Car(path, place, random, replay.Vehicles)).ToList();
        var messages = cars
            .SelectMany(car => car.Drive.Log.Select(said => (said.At, car.Drive.Message(car.Vehicle.Device!, said), said.Kind == Kind.Retained)))
            .OrderBy(message => message.At)
            .Select(message => (message.At, message.Item2.Topic, message.Item2.Payload, message.Item3));
        var end = cars.Max(car => car.Drive.Log[^1].At) + TimeSpan.FromDays(1);
        replay.Run(messages, end);

        var reasons = new HashSet<string>();
        foreach (var (vehicle, drive) in cars)
        {
            var referee = new Referee(vehicle.Id, Interval, vehicle.OfflineAfter!.Value, Stale) { Scale = drive.Scale }.Judge(drive.Log, Marbles.Time(0), end);
            replay.Confirm(vehicle, referee);
            reasons.UnionWith(referee.Stands.Select(stand => stand.Reason));
        }

        reasons.Should().BeEquivalentTo("reading", "silence", "will", "stale");
    }

    static (Vehicle Vehicle, Drive Drive) Car(string path, int place, Random random, VehicleRegistry vehicles)
    {
        var drive = Drive.Read(path);
        var vehicle = vehicles.Of($"car{place}");
        vehicle.OfflineAfter = TimeSpan.FromSeconds(Patience[place % Patience.Length]);

        // The broker hands old values over at the start, and again after it was away in the middle of the drive.
        var words = drive.Log.GroupBy(said => said.Values[0].Metric).Select(metric => metric.Last().Values[0]).ToArray();
        var log = words.Select(word => new Said(TimeSpan.Zero, Kind.Retained, word)).ToList();
        log.Add(new Said(TimeSpan.FromMinutes(5), Kind.Retained, words));
        log.Add(new Said(TimeSpan.FromMinutes(5), Kind.Retained, ("never_said", "1")));

        // Each begins a little later than the one before, so that they are heard in turns.
        log.AddRange(drive.Log.Select(said => said with { At = said.At + TimeSpan.FromMilliseconds(1000 + 1234 * place) }));
        var parked = log[^1].At;
        for (var wills = 0; wills < 5; wills++)
        {
            var at = parked * random.NextDouble();
            log.Add(new Said(at, Kind.Will));
            log.Add(new Said(at + TimeSpan.FromMilliseconds(random.Next(20_000)), Kind.Will));
        }

        // Parked, the dongle repeats its last words in one group a second; then a single value changes; then the dongle goes.
        for (var second = 1; second <= 150; second++) log.Add(new Said(parked + TimeSpan.FromSeconds(second), Kind.Readings, words));
        log.Add(new Said(parked + TimeSpan.FromSeconds(150.5), Kind.Readings, ("soc", "12.5")));
        log.Add(new Said(parked + TimeSpan.FromSeconds(151), Kind.Readings, words));
        log.Add(new Said(parked + TimeSpan.FromSeconds(152), Kind.Will));
        return (vehicle, drive with { Log = [.. log.OrderBy(said => said.At)] });
    }
}
