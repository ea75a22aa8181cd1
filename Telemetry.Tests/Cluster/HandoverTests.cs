using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Telemetry.Api.Hosting;
using Telemetry.Cluster;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Cluster;

public sealed class HandoverTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_shard_that_is_started_twice_in_a_process_goes_on_without_a_change_of_state()
    {
        using var folder = new TempFolder();
        await using var broker = await Mosquitto.Start();
        var commandLine = CommandLine.Parse(
            [
                "--Cluster:Name=test", "--Cluster:Address=127.0.0.1", $"--Cluster:Port={Ports.Free()}", $"--ConnectionStrings:Telemetry={await postgres.CreateDatabase()}",
                "--Urls=http://127.0.0.1:0", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", $"--History:SpoolPath={folder["spool.db"]}",
            ]);
        await using var app = Api.Program.Build(commandLine, builder => builder.AddCluster(commandLine));
        await app.StartAsync();
        var (handover, shards, latest) = (app.Services.GetRequiredService<Handover>(), app.Services.GetRequiredService<Shards>(), app.Services.GetRequiredService<Api.Stream.LatestSnapshots>());
        var vehicles = app.Services.GetRequiredService<Core.Vehicles.VehicleRegistry>();
        await Eventually.Holds("all shards are here", () => shards.Own.Count() == Shards.Count);
        for (var car = 0; car < 5; car++) await Car.PublishOnce(broker.Port, $"wican/car{car}/rpm", "900");
        await Eventually.Holds("all cars run", () => vehicles.Page(10, after: 1).Count(car => latest.Of(car).State == VehicleState.Running) == 5);

        ConcurrentQueue<VehicleSnapshot> changes = [];
        foreach (var graph in app.Services.GetRequiredService<LiveGraphs>().All) graph.Transitions.Subscribe(changes.Enqueue);
        foreach (var car in vehicles.Page(10, after: 1))
        {
            var shard = Shards.ShardOf(car);
            var before = shards.EpochOf(shard);
            (await handover.TakeAsync(shard)).Should().Be(before + 1);
            shards.EpochOf(shard).Should().Be(before + 1);
            handover.Leave(shard, before).Should().BeFalse("the first one has ended meanwhile");
            latest.Of(car).State.Should().Be(VehicleState.Running);
        }

        changes.Should().BeEmpty();
        await Car.PublishOnce(broker.Port, "wican/car3/rpm", "950");
        await Eventually.Holds("messages go on", () => latest.Of(vehicles.Known("car3")!).Readings.ToArray().Any(reading => reading.Value == 950));
        await app.StopAsync();
    }
}
