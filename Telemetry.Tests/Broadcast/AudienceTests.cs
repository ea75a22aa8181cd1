using System.Reactive.Concurrency;
using System.Text;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

public sealed class AudienceTests : IDisposable
{
    readonly VehicleRegistry _vehicles = new();
    readonly FrameLog _log = new(TimeSpan.Zero, Scheduler.Default);
    readonly Audience _audience;

    public AudienceTests() => _audience = new Audience(Subscription.ToAll, _log) { Clients = 2 };

    public void Dispose() => _log.Dispose();

    void Put(params int[] vehicleIds)
    {
        foreach (var id in vehicleIds) _log.Add(Shows(Known(id)));
    }

    Vehicle Known(int id) => id == 1 ? _vehicles.Default : _vehicles.Of($"car{id}");

    static Frame Shows(Vehicle vehicle) => new(VehicleSnapshot.Unheard(vehicle, Cars.Noon, TimeSpan.FromSeconds(10)), false, SignalChoice.None);

    // The vehicles of a batch, as the digits of a text.
    static string Shown(Batch batch) =>
        string.Concat(Encoding.UTF8.GetString(batch.Bytes).Split("\"vehicle_id\":").Skip(1).Select(rest => rest[0]));

    [Fact]
    public void A_newcomer_gets_the_newest_of_every_vehicle_in_the_order_of_change()
    {
        Put(1, 2, 1, 3, 2);
        Shown(_audience.After(0, keepsUp: false)).Should().Be("132");
    }

    [Fact]
    public void A_client_that_keeps_up_gets_every_frame()
    {
        Put(1, 2);
        var had = _log.Newest;
        Put(1, 1, 3, 1);
        Shown(_audience.After(had, keepsUp: true)).Should().Be("1131");
    }

    [Fact]
    public void A_client_that_does_not_gets_the_newest_of_each_vehicle()
    {
        Put(1, 2);
        var had = _log.Newest;
        Put(1, 1, 3, 1);
        Shown(_audience.After(had, keepsUp: false)).Should().Be("31");
    }

    [Fact]
    public void A_client_that_is_far_behind_does_not_keep_up()
    {
        Put(1);
        var had = _log.Newest;
        for (var i = 0; i < 300; i++) Put(1, 2);
        Shown(_audience.After(had, keepsUp: true)).Should().Be("12");
    }

    [Fact]
    public void The_last_word_of_a_vehicle_that_is_none_any_more_goes_out_and_leaves_nothing_open()
    {
        Put(1, 2);
        _log.Remove(Known(2));
        var batch = _audience.After(0, keepsUp: false);
        Shown(batch).Should().Be("12");
        batch.To.Should().Be(_log.Newest);
    }

    [Fact]
    public void Clients_with_a_pace_get_the_first_at_once_then_the_newest_of_each_vehicle_and_a_change_of_state_always()
    {
        var marbles = new Marbles();
        using var log = new FrameLog(TimeSpan.FromMilliseconds(200), marbles.Scheduler);
        var audience = new Audience(Subscription.ToAll, log);
        var car = VehicleSnapshot.Unheard(_vehicles.Default, Cars.Noon, TimeSpan.FromSeconds(10));
        var (cursor, heard) = (0L, new List<string>());

        At(0, Runs(1));
        At(10, Runs(2));
        At(150, Runs(3));
        At(199);
        At(200);
        At(250, Runs(4));
        At(260, car.After(new Silence(_vehicles.Default), VehicleState.Offline));
        At(500);
        heard.Should().Equal("0: 1", "200: 3", "260: 4");

        VehicleSnapshot Runs(double rpm) => car = car.After(_vehicles.Default.Arrives(Cars.At(0, Signal.Rpm, rpm)), VehicleState.Running);

        void At(double time, VehicleSnapshot? snapshot = null)
        {
            marbles.RunTo(time);
            if (snapshot is not null) log.Add(new Frame(snapshot, true, SignalChoice.None));
            var batch = audience.After(cursor, keepsUp: true);
            cursor = batch.To;
            foreach (var message in Encoding.UTF8.GetString(batch.Bytes).Split("\"rpm\":").Skip(1)) heard.Add($"{time}: {message.Split(',')[0]}");
        }
    }

    [Fact]
    public void Clients_that_ask_for_the_same_signals_get_the_same_bytes()
    {
        SignalChoice.TryParse("soc", out var soc).Should().BeTrue();
        var frame = Shows(Known(1));
        using var logOfOne = new FrameLog(TimeSpan.Zero, Scheduler.Default);
        var plain = new Audience(Subscription.ToAll with { Signals = soc }, _log);
        var ofOne = new Audience(Subscription.ToAll with { Signals = soc, VehicleIds = [1] }, logOfOne);
        _log.Add(frame);
        logOfOne.Add(frame);
        Encoding.UTF8.GetString(plain.After(0, keepsUp: true).Bytes).Should().Contain("\"soc\":null}");
        ofOne.After(0, keepsUp: true).Bytes.Should().BeSameAs(plain.After(0, keepsUp: true).Bytes);
    }

    [Fact]
    public void Many_frames_go_out_in_several_writes_and_none_is_left_out()
    {
        var (cursor, shown) = (0L, "");
        var vehicles = Enumerable.Range(1, 1000).Select(Known).ToList();
        foreach (var vehicle in vehicles) _log.Add(Shows(vehicle));
        while (cursor != _log.Newest)
        {
            var batch = _audience.After(cursor, keepsUp: true);
            batch.To.Should().BeGreaterThan(cursor);
            batch.Newest.Should().Be(_log.Newest);
            shown += Encoding.UTF8.GetString(batch.Bytes);
            cursor = batch.To;
        }

        vehicles.Should().OnlyContain(vehicle => shown.Contains($"\"vehicle_id\":{vehicle.Id},"));
    }

    [Fact]
    public void Memory_is_bounded_by_the_vehicles_not_by_the_frames()
    {
        var first = Forgotten();
        for (var i = 0; i < 2000; i++) Put(1, 2, 3);
        GC.Collect();
        first.TryGetTarget(out _).Should().BeFalse();
    }

    WeakReference<Frame> Forgotten()
    {
        var frame = Shows(Known(1));
        _log.Add(frame);
        return new WeakReference<Frame>(frame);
    }
}
