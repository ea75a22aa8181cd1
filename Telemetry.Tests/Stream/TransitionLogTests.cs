using Telemetry.Tests.Support;

namespace Telemetry.Tests.Stream;

public class TransitionLogTests
{
    [Fact]
    public async Task A_vehicle_that_comes_and_goes_fills_no_log()
    {
        using var folder = new TempFolder();
        var port = Ports.Free();
        using var server = ServerProcess.Start(folder, null, $"--Broker:Port={port}");
        await Eventually.Holds("the broker listens", () => server.Output.Contains("Abonné"));
        await using var car = await Car.Connect(port);
        (string, string)[] Both(int i) => [("wican/car7/rpm", $"{900 + i}"), ("wican/car7/can/status", """{"status": "offline"}""")];
        await car.PublishBurst(Enumerable.Range(0, 500).SelectMany(Both));

        await Eventually.Holds("the last state is logged", () => server.Output.Split('\n').LastOrDefault(IsTransition)?.Contains("OFFLINE") == true);
        server.Output.Split('\n').Count(IsTransition).Should().BeLessThan(100);
    }

    static bool IsTransition(string line) => line.Contains("Voiture");
}
