using Telemetry.Api;

namespace Telemetry.Cluster;

/// <summary>The server as one of several instances: that of Telemetry.Api, with its vehicles shared.</summary>
static class Program
{
    static Task<int> Main(string[] args) => Commands.RunAsync(args, commandLine => Api.Program.Build(commandLine, builder => builder.AddCluster(commandLine)));
}
