using System.Net.WebSockets;
using System.Reactive.Concurrency;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Api.Broadcast;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>Clients that all ask for something else: they harm nobody who does not.</summary>
public class ManyChoicesTests
{
    const int Choices = 1000;

    readonly VehicleRegistry _vehicles = new();
    readonly Hub _hub = new(Scheduler.Default, NullLogger<Hub>.Instance);

    [Fact]
    public void Publishing_costs_no_more_for_a_thousand_choices()
    {
        Publish(1);
        var alone = CostOfPublishing();
        foreach (var choice in Enumerable.Range(0, Choices).Select(Choice)) _hub.Join(Subscription.ToAll with { Signals = choice });
        CostOfPublishing().Should().BeLessThan(alone + 4096);

        // Allocated bytes of a hundred, without what the lists grow by.
        long CostOfPublishing()
        {
            for (var i = 0; i < 2000; i++) Publish(1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) Publish(1);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void What_one_client_alone_has_chosen_is_not_kept()
    {
        for (var id = 1; id <= 200; id++) Publish(id);
        var audiences = Enumerable.Range(0, Choices).Select(i => _hub.Join(Subscription.ToAll with { Signals = Choice(i) })).ToList();
        audiences.Select(audience => audience.Log).Distinct().Should().ContainSingle("they share the frames");
        audiences[0].After(0, keepsUp: false);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var audience in audiences) audience.After(0, keepsUp: false).Frames.Should().Be(200);
        // A thousand times two hundred messages would be more than a hundred megabytes. Other tests use memory meanwhile.
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(60_000_000);
        GC.KeepAlive(audiences);
    }

    [Fact]
    public void The_first_choices_share_the_common_senders_and_later_ones_have_their_own()
    {
        _hub.Join(Subscription.ToAll).IsOverflow.Should().BeFalse();
        var first = Enumerable.Range(0, 16).Select(i => _hub.Join(Subscription.ToAll with { Signals = Choice(i) })).ToList();
        first.Should().OnlyContain(audience => !audience.IsOverflow);
        _hub.Join(Subscription.ToAll with { Signals = Choice(16) }).IsOverflow.Should().BeTrue();
        _hub.Join(Subscription.ToAll with { Signals = Choice(0), VehicleIds = [1] }).IsOverflow.Should().BeFalse("that choice is known");
        _hub.Join(Subscription.ToAll with { VehicleIds = [1, 2] }).IsOverflow.Should().BeTrue("a list of several vehicles is a choice too");
        _hub.Join(Subscription.ToAll with { VehicleIds = [2] }).IsOverflow.Should().BeFalse("one vehicle is none");
        _hub.Leave(first[1]);
        _hub.Join(Subscription.ToAll with { Signals = Choice(17) }).IsOverflow.Should().BeFalse("there is a place again");
    }

    [Theory]
    [InlineData("signals=soc_{0}", ChoiceLimits.MaxChoicesPerAddress)]
    [InlineData("vehicle_id=1,{0}1", ChoiceLimits.MaxChoicesPerAddress)]
    [InlineData("max_hz={0}", ChoiceLimits.MaxPacesPerAddress)]
    public async Task An_address_has_so_many_choices_and_no_other_has_fewer_for_it(string query, int most)
    {
        await using var server = await Server.Start("TrustedProxies=127.0.0.1");
        var listeners = new List<Listener>();
        for (var i = 1; i <= most; i++) listeners.Add(await Listen(i, "198.51.100.1"));
        (await Refused(() => Listen(most + 1, "198.51.100.1"))).Should().Contain("503");
        listeners.Add(await Listen(most, "198.51.100.1")); // The same as another is nothing new.
        listeners.Add(await server.Listen(headers: ("X-Forwarded-For", "198.51.100.1")));
        listeners.Add(await Listen(most + 1, "203.0.113.9"));
        foreach (var listener in listeners) await listener.Next();

        await listeners[0].DisposeAsync();
        await Eventually.Holds("a place is free again", async () =>
        {
            try
            {
                listeners.Add(await Listen(most + 1, "198.51.100.1"));
                return true;
            }
            catch (WebSocketException)
            {
                return false;
            }
        });
        foreach (var listener in listeners) await listener.DisposeAsync();

        Task<Listener> Listen(int i, string address) => server.Listen(string.Format(System.Globalization.CultureInfo.InvariantCulture, query, i), headers: ("X-Forwarded-For", address));
    }

    [Fact]
    public async Task A_choice_beyond_the_first_gets_what_it_asked_for_all_the_same()
    {
        await using var server = await Server.Start();
        var others = new List<Listener>();
        for (var i = 0; i < 20; i++) others.Add(await server.Listen($"signals=soc,odometer_{i}", deflate: i % 2 == 0 ? null : new WebSocketDeflateOptions()));
        await server.Publish(("wican/soc", "71.5"), ("wican/rpm", "900"));
        for (var i = 0; i < others.Count; i++)
            await others[i].Next($"the values with choice {i}", text => text.Contains("\"rpm\":900,") && text.Contains($"\"soc\":71.5,\"odometer_{i}\":null}}"));
        foreach (var other in others) await other.DisposeAsync();
    }

    static async Task<string> Refused(Func<Task<Listener>> listen) => (await listen.Should().ThrowAsync<WebSocketException>()).Which.Message;

    static SignalChoice Choice(int i)
    {
        SignalChoice.TryParse($"signal_{i}", out var choice).Should().BeTrue();
        return choice;
    }

    void Publish(int id) => _hub.Publish(VehicleSnapshot.Unheard(id == 1 ? _vehicles.Default : _vehicles.Of($"car{id}"), Cars.Noon, TimeSpan.FromSeconds(10)));
}
