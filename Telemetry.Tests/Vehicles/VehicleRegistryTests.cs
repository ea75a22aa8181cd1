using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

public class VehicleRegistryTests
{
    readonly VehicleRegistry _vehicles = new();

    string All => string.Join(", ", _vehicles.Page(100, 0).Select(vehicle => $"{vehicle.Id} {vehicle.Key} {vehicle.Device}".Trim()));

    readonly SortedDictionary<string, Vehicle?> _assignments = new(StringComparer.Ordinal);

    string Assigned
    {
        get
        {
            Note(_vehicles.TakeChanges());
            return string.Join(", ", _assignments.Select(pair => $"{pair.Key} {pair.Value?.Id}".Trim()));
        }
    }

    // As the spool notes them.
    void Note(RegistryChanges changes)
    {
        foreach (var device in changes.Devices) _assignments.Remove(device);
        foreach (var (device, vehicle) in changes.Assignments) _assignments[device] = vehicle;
    }

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
        _vehicles.TryMerge(b, a).Should().BeTrue();
        b.IsMerged.Should().BeTrue();
        b.Current.Should().BeSameAs(a);
        _vehicles.Find(3).Should().BeNull();
        _vehicles.Of("a").Should().BeSameAs(a);
        _vehicles.Keyed("a#2").Should().BeSameAs(a);
        var c = _vehicles.Of("c");
        _vehicles.TryMerge(a, c).Should().BeTrue();
        b.Current.Should().BeSameAs(c);
        _vehicles.Of("a").Should().BeSameAs(c);
    }

    [Fact]
    public void Merges_that_meet_leave_no_ring_and_no_end_that_is_none()
    {
        var (a, b, c) = (_vehicles.Of("a"), _vehicles.Of("b"), _vehicles.Of("c"));
        _vehicles.TryMerge(a, b).Should().BeTrue();
        _vehicles.TryMerge(b, a).Should().BeFalse("a is none any more");
        _vehicles.TryMerge(a, c).Should().BeFalse("a is part of b");
        _vehicles.TryMerge(c, a).Should().BeFalse();
        _vehicles.TryMerge(b, b).Should().BeFalse();
        (a.Current, b.Current, c.Current).Should().Be((b, b, c));
    }

    [Fact]
    public void A_chain_of_many_merges_is_followed_to_its_end()
    {
        var first = _vehicles.Of("first");
        var last = first;
        for (var i = 0; i < 2_000; i++)
        {
            var next = _vehicles.Of($"next{i}");
            _vehicles.TryMerge(last, next).Should().BeTrue();
            last = next;
        }

        first.Current.Should().BeSameAs(last);
        _vehicles.Keyed("first").Should().BeSameAs(last);
    }

    [Fact]
    public void The_key_of_a_merged_vehicle_means_the_other_one_wherever_its_dongle_goes()
    {
        var (a, b, c) = (_vehicles.Of("a"), _vehicles.Of("b"), _vehicles.Of("c"));
        _vehicles.Assign("a", b);
        _vehicles.TryMerge(a, c);
        _vehicles.Keyed("a").Should().BeSameAs(c);
        _vehicles.Of("a").Should().BeSameAs(b);
        _vehicles.Assign("a", null);
        _vehicles.Of("a").Key.Should().Be("a#2");

        var changes = _vehicles.TakeChanges();
        changes.Merged.Should().BeEquivalentTo(new Dictionary<string, Vehicle> { ["a"] = c });
        var again = new VehicleRegistry();
        foreach (var vehicle in changes.Vehicles) again.Restore(vehicle.Id, vehicle.Key);
        again.RestoreMerged("a", again.Find(c.Id)!);
        again.Keyed("a").Id.Should().Be(c.Id);
    }

    [Fact]
    public void An_id_is_never_given_twice()
    {
        var newest = _vehicles.Of("newest");
        _vehicles.TryMerge(newest, _vehicles.Default);
        _vehicles.Of("newcomer").Id.Should().Be(3);
        var again = new VehicleRegistry { LastId = _vehicles.LastId };
        again.Of("another").Id.Should().Be(4);
    }

    [Fact]
    public void A_change_is_sent_once_for_any_number_of_vehicles()
    {
        for (var i = 0; i < 1_000; i++) _vehicles.Of($"known{i}");
        _vehicles.TakeChanges();
        var newcomer = _vehicles.Of("newcomer");
        var changes = _vehicles.TakeChanges();
        changes.Vehicles.Should().Equal(newcomer);
        _vehicles.TakeChanges().IsEmpty.Should().BeTrue();
        _vehicles.ReturnChanges(changes);
        _vehicles.TakeChanges().Vehicles.Should().Equal(newcomer);
    }

    [Fact]
    public void A_vehicle_whose_id_is_taken_gets_the_next_one_and_both_are_reported()
    {
        var (a, b) = (_vehicles.Of("a"), _vehicles.Of("b"));
        var renumbered = new List<Vehicle>();
        _vehicles.Renumbered += renumbered.Add;
        _vehicles.Confirm(a, 3);
        (a.Id, b.Id).Should().Be((3, 4));
        renumbered.Should().Equal(b, a);
        _vehicles.Confirm(a, 3);
        renumbered.Should().HaveCount(2, "it has that id already");
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
        Note(_vehicles.TakeChanges());
        foreach (var (device, vehicle) in _assignments) again.Assign(device, vehicle is null ? null : again.Find(vehicle.Id));
        string.Join(", ", again.Page(100, 0).Select(vehicle => $"{vehicle.Id} {vehicle.Key} {vehicle.Device}".Trim())).Should().Be(All);
        again.TakeChanges().Assignments.Keys.Should().BeEquivalentTo(_assignments.Keys);
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
