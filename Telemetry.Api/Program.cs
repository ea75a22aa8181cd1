using System.Text.Json;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Demo;
using Telemetry.Api.Health;
using Telemetry.Api.History;
using Telemetry.Api.Ingest;
using Telemetry.Api.Pages;
using Telemetry.Api.Stream;
using Telemetry.Api.Vehicles;

namespace Telemetry.Api;

static class Program
{
    static async Task<int> Main(string[] args)
    {
        try
        {
            await using var app = Build(args);
            if (CommandLine.Parse(args).ImportFile is { } file) return await ImportCommand.Run(app.Services, file);
            await app.RunAsync();
            return 0;
        }
        catch (Exception error) when (error is SettingException or IOException)
        {
            // Both say in one line what is wrong: a setting, or an address that cannot be listened on.
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    /// <summary>The server, ready to run: the stages in the order the data flows.</summary>
    internal static WebApplication Build(string[] args)
    {
        var commandLine = CommandLine.Parse(args);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = commandLine.Configuration,
            ContentRootPath = AppContext.BaseDirectory, // Pages and settings stand beside the program, wherever it is started.
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, builder.Configuration["Urls"] ?? "http://localhost:8000");
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddProblemDetails();

        // Whoever asks /health/ready is answered; each answer need not be logged as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // A start that fails is told by Main, in a line; the host would add its stack trace.
        var started = false;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information);

        builder.KeepDemoApart(commandLine);
        builder.AddStream();
        builder.AddHistory();
        builder.AddBroadcast();
        builder.AddIngest();
        builder.AddHealth();
        builder.AddDemo(commandLine);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => started = true);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapBroadcast();
        app.MapVehicles();
        app.MapHistory();
        app.MapHealth();
        app.MapPages();
        return app;
    }
}
