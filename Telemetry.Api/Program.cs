using Telemetry.Api.Access;
using Telemetry.Api.Alerts;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Demo;
using Telemetry.Api.Drives;
using Telemetry.Api.Forecasts;
using Telemetry.Api.History;
using Telemetry.Api.HomeAssistant;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Ingest;
using Telemetry.Api.Notify;
using Telemetry.Api.Observability;
using Telemetry.Api.Pages;
using Telemetry.Api.Playback;
using Telemetry.Api.Push;
using Telemetry.Api.Stream;
using Telemetry.Api.TroubleCodes;
using Telemetry.Api.Vehicles;

namespace Telemetry.Api;

static class Program
{
    static Task<int> Main(string[] args) => Commands.RunAsync(args, commandLine => Build(commandLine));

    /// <summary>The server, ready to run: the stages in the order of the data flow. A host of its own may <paramref name="change"/> them.</summary>
    internal static WebApplication Build(CommandLine commandLine, Action<WebApplicationBuilder>? change = null)
    {
        var builder = commandLine.CreateBuilder();
        builder.AddHttp();
        builder.AddAccess();
        builder.AddStream();
        builder.Services.AddHostedService<LiveConsumers>();
        builder.AddHistory();
        builder.AddVehicles();
        builder.AddAlerts();
        builder.AddBroadcast();
        builder.AddPlayback();
        builder.AddDrives();
        builder.AddForecasts();
        builder.AddIngest();
        builder.AddTroubleCodes();
        builder.AddNotify();
        builder.AddHomeAssistant();
        builder.AddPush();
        builder.AddObservability();
        builder.AddPages(commandLine);
        builder.AddDemo(commandLine);
        change?.Invoke(builder);
        var app = builder.Build();
        app.UsePageSecurity();
        app.UseHostCheck();
        app.UseErrors();
        app.MapBroadcast();
        app.MapAccess();
        app.MapStages();
        return app;
    }
}
