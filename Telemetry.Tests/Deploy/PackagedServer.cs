using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The program out of a package.</summary>
static class PackagedServer
{
    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="program">Its first arguments run the program, and take those of the server after them.</param>
    public static Task<Executable> StartAsync(IReadOnlyList<string> program, IReadOnlyDictionary<string, string>? environment = null, string folder = "") =>
        Executable.Start(addresses => Daemon.Start(program[0], [.. program.Skip(1), .. addresses], environment, folder));

    /// <summary>A message in, its row out, and the pages.</summary>
    public static async Task MustWorkAsync(this Executable server, string value)
    {
        await server.Publish("wican/rpm", value);
        await Eventually.Holds("the reading is a row", async () => (await server.Get("/telemetry/export")).Contains($",rpm,{value}"));
        (await server.Get("/")).Should().Contain("<html");
        (await server.Get("/js/page.js")).Should().NotBeEmpty();
        (await server.Get("/lib/uPlot.esm.js")).Should().NotBeEmpty();
        (await server.Get("/health/ready")).Should().Contain("\"status\":\"healthy\"");
    }
}
