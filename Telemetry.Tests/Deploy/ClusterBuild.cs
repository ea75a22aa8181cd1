using Telemetry.Api.Hosting;
using Telemetry.Cluster;

namespace Telemetry.Tests.Deploy;

/// <summary>Telemetry.Cluster with the settings of a recipe, without a start.</summary>
static class ClusterBuild
{
    /// <summary>Throws for a setting that is not taken.</summary>
    public static async Task MustTake(string[] settings)
    {
        var commandLine = CommandLine.Parse(settings);
        await using var app = Api.Program.Build(commandLine, builder => builder.AddCluster(commandLine));
    }
}
