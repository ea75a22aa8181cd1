using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;

namespace Telemetry.Api.Demo;

static class DemoStage
{
    const int Seed = 2500;

    public static void AddDemo(this IHostApplicationBuilder builder, CommandLine commandLine)
    {
        if (commandLine is { Demo: false, ReplayFile: null }) return;
        var recorded = commandLine.ReplayFile is { } recording ? Open(recording) : [];
        builder.Services.AddHostedService(services =>
        {
            var mqtt = services.GetRequiredService<MqttSettings>();
            var prefix = mqtt.TopicPrefix + (commandLine.Device is { } device ? device + "/" : "");
            var drive = commandLine.ReplayFile is { } file
                ? new Drive($"Replay of {file}", recorded, commandLine.Speed, prefix)
                : new Drive("Demo car (synthetic, no real vehicle)", DemoDrive.Drive(Seed), commandLine.Speed, prefix);
            return ActivatorUtilities.CreateInstance<DrivePublisher>(services, drive);
        });
    }

    // Reads the first line at start, so that a wrong file stops the start. The file is opened only once: it may be a pipe.
    static IEnumerable<Sample> Open(string path)
    {
        var samples = CsvDrive.Read(path).GetEnumerator();
        return samples.MoveNext() ? Rest(samples) : throw new SettingException($"--replay: '{path}' contains no readings.");

        static IEnumerable<Sample> Rest(IEnumerator<Sample> started)
        {
            using (started)
            {
                do yield return started.Current;
                while (started.MoveNext());
            }
        }
    }
}
