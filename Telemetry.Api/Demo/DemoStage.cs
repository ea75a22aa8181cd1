using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Api.Stream;
using Telemetry.Core.Demo;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Demo;

static class DemoStage
{
    const int Seed = 2500;

    public static void AddDemo(this IHostApplicationBuilder builder, CommandLine commandLine)
    {
        if (commandLine is { Demo: false, ReplayFile: null }) return;
        var isThreeCars = commandLine is { Demo: true, Device: null };
        if (isThreeCars) builder.Services.AddHostedService<DemoHistory>();
        var recorded = commandLine.ReplayFile is { } recording ? Open(recording) : [];
        builder.Services.AddHostedService(services =>
        {
            var mqtt = services.GetRequiredService<MqttSettings>();
            var prefix = mqtt.TopicPrefix + (commandLine.Device is { } device ? device + "/" : "");
            var drive = commandLine.ReplayFile is { } file ? new Drive($"Replay of {file}", recorded, commandLine.Speed, prefix)
                : isThreeCars ? new Drive("Demo cars (synthetic, no real vehicles)", ThreeCars(services), commandLine.Speed, prefix)
                : new Drive("Demo car (synthetic, no real vehicle)", DemoDrive.OfDiesel(Seed), commandLine.Speed, prefix);
            return ActivatorUtilities.CreateInstance<DrivePublisher>(services, drive);
        });
    }

    // Begins when the first value is published: the past has been made then.
    static IEnumerable<Sample> ThreeCars(IServiceProvider services)
    {
        var (vehicles, latest) = (services.GetRequiredService<VehicleRegistry>(), services.GetRequiredService<LatestSnapshots>());
        var others = DemoVehicle.All.Where(car => car.Device is not null)
            .Select((car, i) => DemoDrive.Of(car, name => Last(latest.Of(vehicles.Of(car.Device)), name), DateTime.Now, Seed + i));
        foreach (var sample in DemoDrive.Together([DemoDrive.OfDiesel(Seed), .. others])) yield return sample;
    }

    static double? Last(VehicleSnapshot snapshot, string signal)
    {
        foreach (var reading in snapshot.Readings)
            if (reading.IsKnown && reading.Signal.Name == signal) return reading.Value;
        return null;
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
