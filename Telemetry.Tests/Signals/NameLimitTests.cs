using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Signals;

/// <summary>Names that publishers invent: so many of one vehicle, so many of all, and each for as long as it is sent.</summary>
public class NameLimitTests
{
    const int OfVehicle = SignalCatalog.MaxSignalsOfVehicle;
    const int OfAll = SignalCatalog.MaxOtherSignals;

    readonly SignalCatalog _catalog = new();
    readonly NameBudget _greedy = new("greedy");
    readonly NameBudget _modest = new("modest");

    [Fact]
    public void One_vehicle_leaves_names_for_the_others()
    {
        Take(_greedy, "greedy", OfVehicle + 100).Should().Be(OfVehicle);
        Take(_modest, "modest", 100).Should().Be(100);
        _catalog.Usage(Cars.Noon).Should().BeEquivalentTo(new { Names = OfVehicle + 100, FullVehicles = new[] { "greedy" } });
        _catalog.Usage(Cars.Noon).Problem.Should().StartWith("Vehicle 'greedy' has 512 signal names");
    }

    [Fact]
    public void Names_of_the_catalogue_and_names_already_in_use_are_taken_beyond_any_limit()
    {
        Take(_modest, "modest", 100);
        Take(_greedy, "greedy", OfVehicle);
        Take(_greedy, "modest", 100).Should().Be(100);
        new[] { "soc", "hv_v", "abs_baro_pres", "warm_ups_since_code_clear", "rpm" }.Should().OnlyContain(name => Takes(_greedy, name, Cars.Noon));
        Takes(_greedy, "hv_c_v_100000", Cars.Noon).Should().BeFalse("numbers have no end");
    }

    [Fact]
    public void A_name_that_was_not_sent_for_a_day_makes_room()
    {
        Take(_greedy, "greedy", OfVehicle);
        var tomorrow = Cars.Noon + SignalCatalog.UnusedAfter;
        Takes(_greedy, "greedy_0", tomorrow.AddMinutes(-2)).Should().BeTrue();
        Takes(_greedy, "another", tomorrow.AddMinutes(-2)).Should().BeFalse();
        Take(_greedy, "another", OfVehicle, tomorrow).Should().Be(OfVehicle - 1, "one was sent meanwhile");
        _catalog.Known("greedy_1").Should().NotBeNull("its history stays readable");
        Takes(_greedy, "greedy_1", tomorrow).Should().BeTrue("it is known");
    }

    [Fact]
    public void All_names_together_have_a_limit_that_is_reported()
    {
        for (var vehicle = 0; vehicle < OfAll / OfVehicle; vehicle++) Take(new NameBudget($"v{vehicle}"), $"v{vehicle}", OfVehicle).Should().Be(OfVehicle);
        Takes(_modest, "modest", Cars.Noon).Should().BeFalse();
        _catalog.Usage(Cars.Noon).Problem.Should().StartWith("4096 signal names are in use");
        _catalog.Usage(Cars.Noon + SignalCatalog.UnusedAfter).Should().BeEquivalentTo(new { Names = 0, FullVehicles = Array.Empty<string>(), Problem = (string?)null });
        Takes(_modest, "modest", Cars.Noon + SignalCatalog.UnusedAfter).Should().BeTrue();
    }

    [Fact]
    public void Names_from_the_store_are_counted_while_they_are_in_use()
    {
        foreach (var (name, hours) in new[] { ("new", 1), ("old", 25), ("soc", 1) })
        {
            _catalog.TryNamed(name, out var signal);
            _catalog.Restore(signal!, _modest, Cars.Noon.AddHours(-hours), Cars.Noon);
        }

        _catalog.Usage(Cars.Noon).Names.Should().Be(1);
        _catalog.Known("old").Should().NotBeNull();
    }

    [Fact]
    public async Task Health_names_the_vehicle_with_rejected_names_and_others_are_not_affected()
    {
        await using var server = await Server.Start();
        var names = Enumerable.Range(0, OfVehicle + 10).Select(i => $"\"invented_{i}\":1");
        await server.Publish(("wican/greedy/data", $"{{{string.Join(',', names)}}}"), ("wican/modest/data", """{"my_own":5}"""));
        (await server.Http.GetStringAsync("/telemetry/latest?vehicle_id=3&signals=my_own")).Should().Contain("\"my_own\":5");
        var ready = await server.Ready();
        ready.GetProperty("status").GetString().Should().Be("degraded");
        var signals = ready.GetProperty("checks").GetProperty("signals");
        signals.GetProperty("names").GetInt32().Should().Be(OfVehicle + 1);
        signals.GetProperty("full_vehicles")[0].GetString().Should().Be("greedy");
        signals.GetProperty("problem").GetString().Should().Contain("greedy");
        ready.GetProperty("checks").GetProperty("broker").GetProperty("rejected").GetProperty("too_many_signals").GetInt32().Should().Be(10);
    }

    int Take(NameBudget budget, string prefix, int count, DateTime? now = null) => Enumerable.Range(0, count).Count(i => Takes(budget, $"{prefix}_{i}", now ?? Cars.Noon));

    bool Takes(NameBudget budget, string name, DateTime now) => _catalog.Import(name, budget, now) is not null;
}
