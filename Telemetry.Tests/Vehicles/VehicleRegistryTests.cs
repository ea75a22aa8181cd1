using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

public class VehicleRegistryTests
{
    readonly VehicleRegistry _vehicles = new();

    string All => string.Join(", ", _vehicles.Page(100, 0).Select(vehicle => $"{vehicle.Id} {vehicle.Key} {vehicle.Device}".Trim()));

    string Assigned => string.Join(", ", _vehicles.Assignments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value?.Id}".Trim()));

    [Fact]
    public void A_dongle_that_is_freed_makes_a_new_vehicle_of_another_key()
    {
        var first = _vehicles.Of("d");
        _vehicles.Assign("d", null);
        (All, Assigned).Should().Be(("1 default default, 2 d", "d"));
        _vehicles.Known("d").Should().BeNull();
        var second = _vehicles.Of("d");
        second.Should().NotBeSameAs(first);
        (All, Assigned).Should().Be(("1 default default, 2 d, 3 d#2 d", "d 3"));
        _vehicles.Keyed("d").Should().BeSameAs(first);
        _vehicles.Keyed("d#2").Should().BeSameAs(second);
    }

    [Fact]
    public void Two_cars_may_swap_their_dongles()
    {
        var (a, b) = (_vehicles.Of("a"), _vehicles.Of("b"));
        _vehicles.Assign("b", a);
        _vehicles.Assign("a", b);
        (All, Assigned).Should().Be(("1 default default, 2 a b, 3 b a", "a 3, b 2"));
        _vehicles.Assign("a", a);
        _vehicles.Assign("b", b);
        (All, Assigned).Should().Be(("1 default default, 2 a a, 3 b b", ""));
    }

    [Fact]
    public void A_vehicle_with_two_dongles_shows_the_one_that_is_left()
    {
        var (a, b) = (_vehicles.Of("a"), _vehicles.Of("b"));
        _vehicles.Assign("b", a);
        a.Device.Should().Be("b");
        b.Device.Should().BeNull();
        _vehicles.Assign("b", b);
        a.Device.Should().Be("a");
    }

    [Fact]
    public void A_merged_vehicle_is_gone_and_its_dongles_and_keys_mean_the_other()
    {
        var a = _vehicles.Of("a");
        _vehicles.Assign("a", null);
        var b = _vehicles.Of("a");
        _vehicles.Merge(b, a);
        b.IsMerged.Should().BeTrue();
        b.Current.Should().BeSameAs(a);
        _vehicles.Find(3).Should().BeNull();
        _vehicles.Of("a").Should().BeSameAs(a);
        _vehicles.Keyed("a#2").Should().BeSameAs(a);
        var c = _vehicles.Of("c");
        _vehicles.Merge(a, c);
        b.Current.Should().BeSameAs(c);
        _vehicles.Of("a").Should().BeSameAs(c);
    }

    [Fact]
    public void What_is_stored_comes_back_the_same()
    {
        var again = new VehicleRegistry();
        _vehicles.Of("a");
        _vehicles.Assign("a", null);
        _vehicles.Of("a");
        _vehicles.Of("b");
        _vehicles.Assign("b", null);
        foreach (var vehicle in _vehicles.Page(100, 0)) again.Restore(vehicle.Id, vehicle.Key);
        foreach (var (device, vehicle) in _vehicles.Assignments) again.Assign(device, vehicle is null ? null : again.Find(vehicle.Id));
        string.Join(", ", again.Page(100, 0).Select(vehicle => $"{vehicle.Id} {vehicle.Key} {vehicle.Device}".Trim())).Should().Be(All);
        again.Assignments.Keys.Should().BeEquivalentTo(_vehicles.Assignments.Keys);
        again.Of("b").Key.Should().Be("b#2");
    }

    [Fact]
    public void New_vehicles_are_limited_in_number_and_those_that_are_known_are_not()
    {
        var messages = new Messages();
        for (var i = 0; i < 5000; i++) messages.Readings($"wican/invented{i}/rpm", "1");
        messages.Vehicles.Count.Should().Be(1 + Messages.NewVehiclesPerMinute);
        messages.Rejections.Should().Be($"TooManyVehicles={5000 - Messages.NewVehiclesPerMinute}");
        messages.Readings("wican/invented7/rpm", "2").Should().Be("invented7: rpm=2");
        messages.Readings("wican/late/rpm", "2", Cars.Noon.AddSeconds(1)).Should().Be("late: rpm=2", "16 more are allowed each second");
    }

    [Fact]
    public void The_limit_fills_up_with_time_and_no_further()
    {
        var limit = new RegistrationLimit(60);
        int Taken(double seconds) => Enumerable.Range(0, 1000).Count(_ => limit.TryTake(Cars.Noon.AddSeconds(seconds)));
        Taken(0).Should().Be(60);
        Taken(1).Should().Be(1);
        Taken(0.5).Should().Be(0, "a clock that is set back gives nothing");
        Taken(11).Should().Be(10);
        Taken(100_000).Should().Be(60);
        Enumerable.Range(0, 1000).Count(_ => new RegistrationLimit(0).TryTake(Cars.Noon)).Should().Be(1000);
    }
}
