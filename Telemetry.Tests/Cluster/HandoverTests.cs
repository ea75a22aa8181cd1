using System.Collections.Concurrent;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Api.Stream;
using Telemetry.Cluster;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Cluster;

/// <summary>A cluster of one instance, in this process, whose shards change hands.</summary>
public sealed class HandoverTests(PostgresServer postgres) : IAsyncLifetime
{
    const int CarCount = 5;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly TempFolder _folder = new();
    Mosquitto _broker = null!;
    WebApplication _app = null!;
    string _store = "";

    T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    IReadOnlyList<Vehicle> Cars => Service<VehicleRegistry>().Page(10, after: 1);

    public async ValueTask InitializeAsync()
    {
        (_broker, _store) = (await Mosquitto.Start(), await postgres.CreateDatabase());
        var commandLine = CommandLine.Parse(
            [
                "--Cluster:Name=test", "--Cluster:Address=127.0.0.1", $"--Cluster:Port={Ports.Free()}", $"--ConnectionStrings:Telemetry={_store}",
                "--Urls=http://127.0.0.1:0", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={_broker.Port}", $"--History:SpoolPath={_folder["spool.db"]}", "--Presence:Timeout=00:10:00",
            ]);
        _app = Api.Program.Build(commandLine, builder => builder.AddCluster(commandLine));
        await _app.StartAsync();
        await Eventually.Holds("all shards are here", () => Service<Shards>().Own.Count() == Shards.Count);
        // The broker drops a message that is published before the subscription.
        await Eventually.Holds("the broker is connected", () => Service<ReceiverState>().Epoch > 0 && Service<BrokerStatus>().Problem is null);
        for (var car = 0; car < CarCount; car++) await Car.PublishOnce(_broker.Port, $"wican/car{car}/rpm", "900");
        await Eventually.Holds("all cars run", () => Cars.Count(car => Service<LatestSnapshots>().Of(car).State == VehicleState.Running) == CarCount, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_shard_that_is_started_twice_in_a_process_goes_on_without_a_change_of_state()
    {
        var (handover, shards, latest) = (Service<Handover>(), Service<Shards>(), Service<LatestSnapshots>());
        ConcurrentQueue<VehicleSnapshot> changes = [];
        foreach (var graph in Service<LiveGraphs>().All) graph.Transitions.Subscribe(changes.Enqueue);
        foreach (var car in Cars)
        {
            var shard = Shards.ShardOf(car);
            var before = shards.EpochOf(shard);
            (await handover.TakeAsync(shard)).Should().Be(before + 1);
            handover.Leave(shard, before).Should().BeFalse("the first one has ended meanwhile");
            latest.Of(car).State.Should().Be(VehicleState.Running);
        }

        changes.Should().BeEmpty();
        await Car.PublishOnce(_broker.Port, "wican/car3/rpm", "950");
        await Eventually.Holds("messages go on", () => latest.Of(Service<VehicleRegistry>().Known("car3")!).Readings.ToArray().Any(reading => reading.Value == 950));
    }

    [Fact]
    public async Task A_new_owner_goes_on_with_the_wait_of_a_rule()
    {
        var car = Cars[0];
        using var http = new HttpClient();
        using var added = await http.PostAsync(new Uri($"{_app.Urls.First()}/alerts/rules"), new StringContent("""{"name":"far","when":[{"signal":"rpm","above":800}],"for":600}""", System.Text.Encoding.UTF8, "application/json"));
        added.IsSuccessStatusCode.Should().BeTrue();
        await using var connection = new NpgsqlConnection(_store);
        var rule = await connection.ExecuteScalarAsync<int>("SELECT max(rule_id) FROM alert_rules");
        await connection.ExecuteAsync("INSERT INTO alert_clocks (rule_id, vehicle_id, since, counted) VALUES (@rule, @Id, now() - interval '5 minutes', 300)", new { rule, car.Id });

        var shard = Shards.ShardOf(car);
        Service<Handover>().Leave(shard, Service<Shards>().EpochOf(shard)).Should().BeTrue();
        await Car.PublishOnce(_broker.Port, $"wican/{car.Device}/vehicle_speed", "0"); // Its activation finds that it is not the owner any more, and ends.
        await Eventually.Holds("the shard has an owner again", () => Service<Shards>().EpochOf(shard) > 0, Patience);
        await Eventually.Holds("the wait goes on", () => Service<LiveGraphs>().All.SelectMany(graph => graph.AlertStates.Watches()).Any(watch => watch.Rule.Id == rule && watch.Vehicle == car && watch.Waited >= TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task A_new_owner_takes_no_messages_before_the_oldest_that_is_not_stored()
    {
        var shard = Shards.ShardOf(Cars[0]);
        var grain = Service<IGrainFactory>().GetGrain<IVehicleShard>(shard);
        RoutedMessage Message(int rpm) => new($"wican/{Cars[0].Device}/rpm", System.Text.Encoding.ASCII.GetBytes($"{rpm}"), IsRetained: false, PacketId: -1, Hash: 0, DateTime.UtcNow.Ticks, IsAgain: false);
        var (receiver, self) = (1000, Service<Members>().Self);
        var takes = () => grain.TakeAsync(new MessageBatch(receiver, self, First: 5, [Message(5)], Oldest: 4));
        await takes.Should().ThrowAsync<ShardMovedException>();
        await grain.TakeAsync(new MessageBatch(receiver, self, First: 4, [Message(4), Message(5)], Oldest: 4));
        await grain.DurableAsync(receiver, 5);
        await using var connection = new NpgsqlConnection(_store);
        (await connection.QueryAsync<double>("SELECT value FROM readings WHERE vehicle_id = @Id AND value < 10 ORDER BY 1", new { Cars[0].Id })).Should().Equal(4, 5);
    }
}
