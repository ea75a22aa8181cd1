using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;

namespace Telemetry.Api.Demo;

/// <summary>A car to look at: <c>--demo</c> or <c>--replay FILE</c>.</summary>
static class DemoStage
{
    const int Seed = 2500;

    public static void AddDemo(this IHostApplicationBuilder builder, CommandLine commandLine)
    {
        if (commandLine is { Demo: false, ReplayFile: null }) return;
        var recorded = commandLine.ReplayFile is { } recording ? Begun(recording) : [];
        builder.Services.AddHostedService(services =>
        {
            var mqtt = services.GetRequiredService<MqttSettings>();
            var prefix = mqtt.TopicPrefix + (commandLine.Device is { } device ? device + "/" : "");
            var drive = commandLine.ReplayFile is { } file
                ? new Drive($"Replay of {file}", recorded, commandLine.Speed, prefix)
                : new Drive("Demo car (synthetic, no real vehicle)", DemoDrive.Drive(Seed), commandLine.Speed, prefix);
            var broker = mqtt.ConnectionOptions(services.GetRequiredService<BrokerSettings>()).WithClientId($"telemetry-drive-{Guid.NewGuid():N}").Build();
            return ActivatorUtilities.CreateInstance<DrivePublisher>(services, drive, broker);
        });
    }

    // Its beginning is read at once, so that a wrong file stops the start; and no more than once, for it may be a pipe.
    static IEnumerable<Sample> Begun(string path)
    {
        var samples = CsvDrive.Read(path).GetEnumerator();
        return samples.MoveNext() ? All(samples) : throw new SettingException($"--replay: no reading is in '{path}'.");

        static IEnumerable<Sample> All(IEnumerator<Sample> begun)
        {
            using (begun)
            {
                do yield return begun.Current;
                while (begun.MoveNext());
            }
        }
    }

    /// <summary>Keeps a show car's readings out of the real history, unless a store is named. To be called before the history is added.</summary>
    public static void KeepDemoApart(this IHostApplicationBuilder builder, CommandLine commandLine)
    {
        if (commandLine is { Demo: false, ReplayFile: null }) return;
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData =
            [
                KeyValuePair.Create<string, string?>("History:SqlitePath", "data/demo.db"),
                KeyValuePair.Create<string, string?>("History:SpoolPath", "data/demo-spool.db"),
            ],
        });
    }
}
