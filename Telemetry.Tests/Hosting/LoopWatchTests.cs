using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Hosting;

public class LoopWatchTests
{
    [Fact]
    public async Task A_loop_that_fails_or_ends_is_started_again_and_reported()
    {
        var watch = new LoopWatch(NullLogger<LoopWatch>.Instance);
        using var stopping = new CancellationTokenSource();
        var calls = 0;
        var running = watch.RunAsync("the loop", async () =>
        {
            calls++;
            if (calls == 1) throw new KeyNotFoundException("no such key");
            if (calls == 2) return;
            await Task.Delay(Timeout.Infinite, stopping.Token);
        }, stopping.Token);
        watch.Problem.Should().Be("the loop failed and was restarted (KeyNotFoundException: no such key)");
        await Eventually.Holds("it runs again", () => calls == 3);
        watch.Failures.Single().Should().Match<LoopFailure>(failure => failure.Loop == "the loop" && failure.Count == 2 && failure.Problem == "it ended");
        await stopping.CancelAsync();
        await running;
    }

    /// <summary>A message whose acknowledgement fails in an unexpected way.</summary>
    sealed class FailingSender : InFlight
    {
        public override Task AcknowledgeAsync() => throw new InvalidDataException("not expected");
    }

    [Fact]
    public async Task History_goes_on_after_an_unexpected_failure()
    {
        await using var server = await Server.Start();
        await server.StoreIs("direct");
        server.Service<HistoryQueue>().Add(null, new FailingSender());
        await server.Publish(("wican/rpm", "1"), ("wican/rpm", "2"));
        await Eventually.Holds("both are rows", async () => (await server.Http.GetStringAsync("/telemetry/export")).Split("rpm").Length == 3);
        var health = await server.Ready();
        health.GetProperty("status").GetString().Should().Be("degraded");
        var loops = health.GetProperty("checks").GetProperty("loops");
        loops.GetProperty("problem").GetString().Should().Contain("the acknowledgement of messages").And.Contain("not expected");
        loops.GetProperty("failures").EnumerateObject().Sum(failure => failure.Value.GetInt32()).Should().Be(1);
    }

    [Fact]
    public async Task A_batch_in_hand_survives_the_failure_of_the_loop_that_writes_it()
    {
        await using var server = await Server.Start();
        await server.StoreIs("direct");
        // Neither store nor spool can take a reading of no signal, and none of them foresees it.
        Reading[] readings = [new(null!, 1, Cars.Noon)];
        server.Service<HistoryQueue>().Add(new Arrival(server.Service<VehicleRegistry>().Default, readings), null);
        var publishing = server.Publish(("wican/soc", "2"));
        await Eventually.Holds("health tells", async () => Text(await server.Ready()).Contains("the history writer"));
        publishing.IsCompleted.Should().BeFalse("what is kept nowhere is not acknowledged");
        readings[0] = new Reading(Signal.Rpm, 1, Cars.Noon);
        await publishing;
        await Eventually.Holds("both are rows", async () => await server.Http.GetStringAsync($"/telemetry/export?from={Cars.Noon:yyyy-MM-dd}") is { } rows && rows.Contains("rpm,1") && rows.Contains("soc,2"));

        static string Text(JsonElement health) => health.GetProperty("checks").GetProperty("loops").GetProperty("problem").GetString() ?? "";
    }
}
