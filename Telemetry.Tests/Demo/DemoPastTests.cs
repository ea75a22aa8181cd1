using Telemetry.Core.Demo;
using Telemetry.Core.Signals;

namespace Telemetry.Tests.Demo;

/// <summary>Two weeks of the three cars of the demo, seen as their messages.</summary>
public sealed class DemoPastTests
{
    static readonly DateOnly Today = new(2026, 3, 18);

    static readonly SignalCatalog Catalog = new();

    public static TheoryData<int> Cars => [0, 1, 2];

    static List<DemoMessage> Past(int car, DateOnly? today = null, int seed = 2500) => [.. DemoPast.Of(DemoVehicle.All[car], today ?? Today, seed)];

    static List<double> Values(IEnumerable<DemoMessage> past, string signal) => [.. past.SelectMany(message => message.Values).Where(value => value.Signal == signal).Select(value => value.Value)];

    static List<List<DemoMessage>> Drives(List<DemoMessage> past)
    {
        var drives = new List<List<DemoMessage>>();
        foreach (var message in past)
        {
            if (drives.Count == 0 || message.At - drives[^1][^1].At > TimeSpan.FromMinutes(15)) drives.Add([]);
            drives[^1].Add(message);
        }

        return drives;
    }

    static string Text(IEnumerable<DemoMessage> past) => string.Join('\n', past.Select(message => $"{message.At:O} {string.Join(' ', message.Values)}"));

    [Theory, MemberData(nameof(Cars))]
    public void The_same_seed_and_day_give_the_same_past(int car)
    {
        Text(Past(car)).Should().Be(Text(Past(car)));
        Text(Past(car)).Should().NotBe(Text(Past(car, seed: 1)));
    }

    [Theory, MemberData(nameof(Cars))]
    public void It_lasts_two_weeks_and_ends_before_today_with_a_pause_at_night(int car)
    {
        foreach (var today in Enumerable.Range(0, 7).Select(Today.AddDays))
        {
            var past = Past(car, today);
            past.Should().BeInAscendingOrder(message => message.At);
            past[0].At.Should().BeOnOrAfter(today.AddDays(-14).ToDateTime(default));
            past[^1].At.Should().BeOnOrAfter(today.AddDays(-1).ToDateTime(default), "each car drives on the last day").And.BeBefore(today.ToDateTime(default));
            past.Should().OnlyContain(message => message.At.Hour >= 6 && message.At.Hour < 23);
            Drives(past).Should().HaveCountGreaterThan(14).And.HaveCountLessThan(50);
        }
    }

    [Theory, MemberData(nameof(Cars))]
    public void Every_value_is_one_that_its_signal_takes(int car)
    {
        foreach (var values in Past(car).SelectMany(message => message.Values).GroupBy(value => value.Signal))
        {
            Catalog.TryNamed(values.Key, out var signal).Should().BeTrue();
            values.Should().OnlyContain(value => signal!.Accepts(value.Value));
        }
    }

    [Theory, MemberData(nameof(Cars))]
    public void A_drive_begins_and_ends_at_a_standstill_and_its_odometer_is_the_way_that_its_speed_makes(int car)
    {
        foreach (var drive in Drives(Past(car)))
        {
            var speeds = Values(drive, "vehicle_speed");
            speeds[0].Should().Be(0);
            speeds[^1].Should().Be(0);
            speeds.Max().Should().BeInRange(25, 145);
            var odometer = Values(drive, "odometer");
            odometer.Should().BeInAscendingOrder();
            (odometer[^1] - odometer[0]).Should().BeApproximately(speeds.Sum() * 5 / 3600, 0.6, "speeds are 5 s apart");
        }
    }

    [Theory, InlineData(0), InlineData(1)]
    public void An_engine_idles_warms_up_and_is_off_at_both_ends(int car)
    {
        foreach (var drive in Drives(Past(car)))
        {
            var rpm = Values(drive, "rpm");
            rpm[0].Should().Be(0);
            rpm[^1].Should().Be(0);
            rpm.Skip(3).SkipLast(1).Should().OnlyContain(value => value > 600 && value < 4500);
            var coolant = Values(drive, "coolant_temperature");
            coolant.Max().Should().BeGreaterThan(coolant[0]);
        }

        var mornings = Drives(Past(car)).Where(drive => drive[0].At.Hour < 9).ToList();
        mornings.Should().NotBeEmpty().And.OnlyContain(drive => Values(drive, "coolant_temperature")[0] < 30, "it was parked for the night");
    }

    [Fact]
    public void The_diesel_is_warm_after_a_commute_and_too_hot_once()
    {
        var drives = Drives(Past(0));
        drives.Where(drive => drive[0].At.Hour < 9).Should().OnlyContain(drive => Values(drive, "coolant_temperature").Max() > 85);
        drives.Where(drive => Values(drive, "coolant_temperature").Max() is > 112 and < 120).Should().ContainSingle().Which[0].At.DayOfWeek.Should().Be(DayOfWeek.Sunday);
        drives.Select(drive => Values(drive, "vehicle_speed").Max()).Max().Should().BeGreaterThan(130);
    }

    [Fact]
    public void The_petrol_car_loses_its_alternator_and_almost_its_battery()
    {
        var drives = Drives(Past(1));
        drives.Where(drive => Values(drive, "control_module_voltage").Take(4..).Max() < 12.5).Should().ContainSingle("the alternator fails once");
        drives.Where(drive => Values(drive, "control_module_voltage")[0] < 11.8).Should().ContainSingle("the next morning");
        Values(drives[^1], "control_module_voltage").Max().Should().BeGreaterThan(13.5, "it is repaired");
    }

    [Fact]
    public void The_electric_car_uses_charge_recuperates_and_is_charged_at_home()
    {
        var drives = Drives(Past(2));
        drives.Should().OnlyContain(drive => Values(drive, "soc").First() > Values(drive, "soc").Last());
        drives.Should().OnlyContain(drive => Values(drive, "hv_w").Min() < 0 && Values(drive, "hv_w").Max() > 10_000);
        drives.Zip(drives.Skip(1)).Should().Contain(pair => Values(pair.Second, "soc")[0] > Values(pair.First, "soc").Last() + 10);
        Values(drives.SelectMany(drive => drive), "soc").Min().Should().BeInRange(3, 19);
    }

    [Theory, InlineData(0.5), InlineData(0.9)]
    public void A_live_ride_goes_on_from_where_the_car_was(double stored)
    {
        var ride = new DemoRide(DemoVehicle.All[2], 24_000, stored, new DateTime(2026, 3, 18, 12, 0, 0), seed: 1).Values().TakeWhile(value => value.At < TimeSpan.FromMinutes(20)).ToList();
        ride.Should().BeInAscendingOrder(value => value.At);
        ride.First(value => value.Signal == "odometer").Value.Should().Be(24_000);
        ride.First(value => value.Signal == "soc").Value.Should().Be(stored * 100);
        ride.Last(value => value.Signal == "odometer").Value.Should().BeInRange(24_005, 24_030);
        ride.Zip(ride.Skip(1)).Count(pair => pair.Second.At - pair.First.At > TimeSpan.FromSeconds(10)).Should().BeGreaterThan(2, "it parks between trips");
    }
}
