using static Telemetry.Tests.Demo.SyntheticDrive;

namespace Telemetry.Tests.Demo;

/// <summary>Where the synthetic car goes and stands: pauses, lights, town, country and motorway.</summary>
public sealed class SyntheticRouteTests
{
    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void Every_five_minutes_hold_a_pause_of_more_than_ten_seconds_with_the_car_at_rest(int seed)
    {
        var drive = Drive(seed);
        var pauses = Pauses(drive);
        pauses.Should().OnlyContain(pause => pause.Count * Step > 11.9 && pause.Count * Step < 20.1);
        pauses.SelectMany(pause => pause).Should().OnlyContain(now => now.Speed == 0 && now.Rpm == 0 && now.Gear == 0);

        // From the start of one to the end of the next: no window of five minutes can miss both.
        pauses[0][^1].Time.Should().BeLessThan(300);
        foreach (var (pause, next) in pauses.Zip(pauses.Skip(1)))
            (next[^1].Time - pause[0].Time).Should().BeLessThan(300);
        (drive[^1].Time - pauses[^1][0].Time).Should().BeLessThan(300);
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void The_last_readings_before_a_pause_are_those_of_a_standing_car(int seed)
    {
        var drive = Drive(seed);
        foreach (var pause in Pauses(drive))
        {
            var before = drive.Where(now => now.Time < pause[0].Time - Step / 2 && now.Time > pause[0].Time - 1).ToList();
            before.Should().HaveCountGreaterThan(15).And.OnlyContain(now => now.Speed == 0 && now.Rpm > 700);
        }
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void It_moves_within_three_seconds_of_each_start(int seed)
    {
        var trips = Stretches(Drive(seed), now => now.Ignition);
        trips.Should().HaveCountGreaterThan(6);
        foreach (var trip in trips.Where(trip => trip.Count * Step > 3))
            (trip.First(now => now.Speed > 0).Time - trip[0].Time).Should().BeLessThan(3);
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void It_idles_at_lights(int seed)
    {
        var lights = Stretches(Drive(seed), now => now is { Speed: 0, Ignition: true, Time: > 5 })
            .Where(stop => stop.Count * Step > 3.1).ToList();
        lights.Should().HaveCountGreaterThan(10);
        lights.Should().OnlyContain(stop => stop.Count * Step < 10);

        var idling = lights.Select(stop => stop.Skip((int)(1 / Step)).SkipLast((int)(1 / Step)).ToList()).ToList();
        idling.SelectMany(stop => stop).Should().OnlyContain(now => now.Gear == 0 && now.Rpm > 780 && now.Rpm < 920);
        idling.SelectMany(stop => stop).Should().OnlyContain(now => now.Load > 5 && now.Load < 25);
        idling.SelectMany(stop => stop).Should().OnlyContain(now => now.Rail > 25_000 && now.Rail < 35_000);
        idling[0].Min(now => now.Rpm).Should().BeGreaterThan(idling[^1].Max(now => now.Rpm) + 30, "a colder engine idles faster");
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void It_sees_town_country_and_motorway(int seed)
    {
        var drive = Drive(seed);
        drive.Where(now => now.Time < 240).Should().Contain(now => now.Speed > 80, "nobody waits long for a demonstration");
        foreach (var (low, high) in new[] { (29, 51), (69, 91), (109, 131) })
            (drive.Count(now => now.Speed > low && now.Speed < high) * Step).Should().BeGreaterThan(60, "of {0} to {1} km/h", low, high);
    }
}
