using System.ComponentModel.DataAnnotations;
using System.Reactive.Concurrency;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;
using Telemetry.Core.Live;

namespace Telemetry.Api.Stream;

sealed class StreamSettings
{
    /// <summary>Minimum time between two messages of a vehicle; zero: every reading is a message.</summary>
    [Duration("00:00:00", "00:01:00", ErrorMessage = "takes a duration as hh:mm:ss.fff, 00:00:00 to 00:01:00")]
    public TimeSpan UpdateInterval { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Partitions of the vehicles that are processed in parallel.</summary>
    [Range(1, 1024, ErrorMessage = "takes a whole number, 1 to 1024")]
    public int Partitions { get; set; } = Environment.ProcessorCount;
}

[OptionsValidator]
sealed partial class StreamValidator : IValidateOptions<StreamSettings>;

static class StreamStage
{
    public static void AddStream(this IHostApplicationBuilder builder)
    {
        var stream = builder.AddSettings("Stream", new StreamValidator(), static (section, strict) => section.Get<StreamSettings>(strict));
        var presence = builder.AddSettings("Presence", new PresenceValidator(), static (section, strict) => section.Get<PresenceSettings>(strict));
        builder.Services.AddSingleton(presence.Limits);
        builder.Services.AddSingleton(new Pacing(stream.UpdateInterval, presence.Limits));
        builder.Services.AddSingleton<IScheduler>(DefaultScheduler.Instance);
        builder.Services.AddSingleton(services => new LiveGraphs(stream.Partitions, services.GetRequiredService<Pacing>(), services.GetRequiredService<IScheduler>(), services.GetService<AlertInput>()));
        builder.Services.AddSingleton<LatestSnapshots>();
    }
}
