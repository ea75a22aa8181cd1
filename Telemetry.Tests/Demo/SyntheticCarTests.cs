using Telemetry.Core.Demo;
using static Telemetry.Tests.Demo.SyntheticDrive;

namespace Telemetry.Tests.Demo;

/// <summary>The synthetic car as a machine: its engine, gears, coolant and voltage, and the same drive from the same seed.</summary>
public sealed class SyntheticCarTests
{
    const double Thermostat = 90;

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void Every_reading_lies_in_the_range_of_its_signal_and_of_such_a_car(int seed)
    {
        var drive = Drive(seed);

        // The ranges in which the parser accepts a reading…
        drive.Should().OnlyContain(now => now.Rpm >= 0 && now.Rpm <= 16384);
        drive.Should().OnlyContain(now => now.Speed >= 0 && now.Speed <= 255);
        drive.Should().OnlyContain(now => now.Coolant >= -40 && now.Coolant <= 215);
        drive.Should().OnlyContain(now => now.Load >= 0 && now.Load <= 100);
        drive.Should().OnlyContain(now => now.Voltage >= 0 && now.Voltage <= 66);
        drive.Should().OnlyContain(now => now.Rail >= 0 && now.Rail <= 655350);
        drive.Should().OnlyContain(now => now.Gear >= 0 && now.Gear <= 6);

        // …and what such a car can do.
        drive.Should().OnlyContain(now => now.Rpm < 3500 && now.Speed < 135);
        drive.Should().OnlyContain(now => now.Voltage > 10 && now.Voltage < 14.5);
        drive.Should().OnlyContain(now => now.Rail <= 160_000);
    }

    [Fact]
    public void Readings_have_the_resolution_that_SAE_J1979_gives_them()
    {
        var drive = Drive(seed: 1);
        drive.Should().OnlyContain(now => now.Rpm % 0.25 == 0);
        drive.Should().OnlyContain(now => now.Speed % 1 == 0);
        drive.Should().OnlyContain(now => now.Coolant % 1 == 0);
        drive.Should().OnlyContain(now => now.Load == Math.Round(Math.Round(now.Load * 2.55) / 2.55, 2), "a byte holds 0 to 100 %");
        drive.Should().OnlyContain(now => now.Voltage == Math.Round(now.Voltage, 3));
        drive.Should().OnlyContain(now => now.Rail % 10 == 0);
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void Speed_never_changes_faster_than_4_metres_per_second_squared(int seed)
    {
        var drive = Drive(seed);
        foreach (var seconds in new[] { Step, 1 })
        {
            var samples = (int)Math.Round(seconds / Step);
            // The last digit of a speed in whole km/h may turn at any moment.
            var most = 4 * 3.6 * seconds + 1;
            drive.Zip(drive.Skip(samples)).Max(pair => Math.Abs(pair.Second.Speed - pair.First.Speed)).Should().BeLessThanOrEqualTo(most);
        }
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void With_the_clutch_closed_each_gear_has_one_ratio_of_rpm_to_speed(int seed)
    {
        // Rolling, and above the speed at which the clutch stops slipping in first.
        var inGear = Drive(seed).Where(now => now.Gear > 0 && now.Speed >= 15).GroupBy(now => now.Gear).OrderBy(gear => gear.Key).ToList();
        inGear.Select(gear => gear.Key).Should().Equal(1, 2, 3, 4, 5, 6);

        var previous = double.PositiveInfinity;
        foreach (var gear in inGear)
        {
            var ratios = gear.Select(now => now.Rpm / now.Speed).Order().ToList();
            var ratio = ratios[ratios.Count / 2];
            // Half a km/h of rounding, in the reading and in the ratio taken from such readings.
            gear.Should().OnlyContain(now => Math.Abs(now.Rpm / ratio - now.Speed) < 1.2, "gear {0} is in", gear.Key);
            ratio.Should().BeLessThan(previous * 0.9, "gear {0} is longer than the one below", gear.Key);
            previous = ratio;
        }
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void Changing_up_takes_a_moment_in_neutral_without_load_and_no_gear_is_left_at_once(int seed)
    {
        var drive = Drive(seed);
        var changes = Enumerable.Range(1, drive.Count - 1).Where(i => drive[i].Gear != drive[i - 1].Gear).ToList();
        var shifts = new List<(int From, int To, int Start, int End)>();
        foreach (var (start, end) in changes.Zip(changes.Skip(1)))
        {
            // A light may turn red right after a change up.
            if (drive[start].Gear > 0 && drive[end].Speed >= drive[start].Speed)
                (drive[end].Time - drive[start].Time).Should().BeGreaterThan(1, "a gear is chosen at {0:F2} s", drive[start].Time);
            if (drive[start].Gear == 0 && drive[end].Gear > 0 && drive[end].Speed > 10)
                shifts.Add((drive[start - 1].Gear, drive[end].Gear, start, end));
        }

        shifts.Count(shift => shift.To == shift.From + 1).Should().BeGreaterThan(50);
        shifts.Count(shift => shift.To == shift.From - 1).Should().BeGreaterThan(10);
        foreach (var (from, to, start, end) in shifts)
        {
            Math.Abs(to - from).Should().Be(1, "no gear is skipped at {0:F2} s", drive[start].Time);
            (drive[end].Time - drive[start].Time).Should().BeLessThan(0.6);
            drive[end - 1].Load.Should().BeLessThan(5, "the pedal is up while shifting at {0:F2} s", drive[start].Time);
        }
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void The_coolant_warms_to_the_thermostat_and_stays_there(int seed)
    {
        var drive = Drive(seed);
        drive[0].Coolant.Should().BeApproximately(60, 1);
        drive.Zip(drive.Skip((int)(1 / Step))).Max(second => Math.Abs(second.Second.Coolant - second.First.Coolant)).Should()
            .BeLessThanOrEqualTo(2, "heat takes its time");
        drive.First(now => now.Coolant >= Thermostat - 5).Time.Should().BeInRange(60, 480);
        drive.Where(now => now.Time > 480).Should().OnlyContain(now => Math.Abs(now.Coolant - Thermostat) <= 6);
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void The_engine_brakes_without_load_and_pulls_hard_when_it_gains_speed(int seed)
    {
        var drive = Drive(seed);
        var seconds = Enumerable.Range(20, drive.Count - 20).Where(i => drive[i].Gear > 1 && drive[i - 20].Gear == drive[i].Gear).ToList();
        var braking = seconds.Where(i => drive[i].Speed - drive[i - 20].Speed <= -6).Select(i => drive[i]).ToList();
        var pulling = seconds.Where(i => drive[i].Speed - drive[i - 20].Speed >= 5).Select(i => drive[i]).ToList();

        braking.Should().NotBeEmpty().And.OnlyContain(now => now.Load < 3);
        braking.Average(now => now.Rail).Should().BeLessThan(30_000);
        pulling.Average(now => now.Load).Should().BeGreaterThan(40);
        pulling.Average(now => now.Rail).Should().BeGreaterThan(60_000);
    }

    [Theory, MemberData(nameof(Seeds), MemberType = typeof(SyntheticDrive))]
    public void The_voltage_shows_rest_starter_and_alternator(int seed)
    {
        var drive = Drive(seed);
        foreach (var trip in Stretches(drive, now => now.Ignition).Where(trip => trip.Count * Step > 5))
        {
            trip.Take((int)(1 / Step)).Min(now => now.Voltage).Should().BeLessThan(11, "the starter draws hundreds of amperes");
            trip.Skip((int)(3 / Step)).Should().OnlyContain(now => now.Voltage >= 13.9 && now.Voltage <= 14.4);
        }

        foreach (var pause in Pauses(drive))
            pause.Skip((int)(8 / Step)).Should().OnlyContain(now => now.Voltage > 12.3 && now.Voltage < 12.7);
    }

    [Fact]
    public void The_same_seed_gives_the_same_drive_and_another_seed_another()
    {
        Simulate(seed: 42).SequenceEqual(Simulate(seed: 42)).Should().BeTrue();
        Simulate(seed: 42).SequenceEqual(Simulate(seed: 43)).Should().BeFalse();
    }

    [Fact]
    public void The_drive_does_not_depend_on_how_time_is_cut()
    {
        var fine = new SyntheticCar(7);
        var coarse = new SyntheticCar(7);
        for (var minute = 1; minute <= 10; minute++)
        {
            for (var i = 0; i < 8000; i++)
                fine.Advance(TimeSpan.FromMilliseconds(7.5));
            coarse.Advance(TimeSpan.FromMinutes(1));
            Read(fine, minute).Should().Be(Read(coarse, minute));
        }
    }

    [Fact]
    public void Time_does_not_run_backwards()
    {
        var back = () => new SyntheticCar(1).Advance(TimeSpan.FromTicks(-1));
        back.Should().Throw<ArgumentOutOfRangeException>();
    }
}
