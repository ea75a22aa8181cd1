using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The environment that a recipe gives to the program.</summary>
static class RecipeEnvironment
{
    /// <summary>Starts the program with it, but on a free port and with files of its own, and asks the paths of the recipe's probes.</summary>
    public static async Task MustBeTaken(IReadOnlyDictionary<string, string> environment, params string[] probes)
    {
        using var folder = new TempFolder();
        var port = Ports.Free();
        using var server = ServerProcess.Start(folder, environment, "--Urls", $"http://+:{port}");
        await Eventually.Holds("the program listens or has ended", async () => server.HasExited || await Ports.Answers(port));
        server.HasExited.Should().BeFalse(server.Output);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        foreach (var probe in probes)
        {
            using var answer = await http.GetAsync(probe);
            ((int)answer.StatusCode).Should().BeOneOf([200, 503], probe);
            (await answer.Content.ReadAsStringAsync()).Should().Contain("status");
        }

        (await server.Terminate()).Should().Be(0);
    }
}
