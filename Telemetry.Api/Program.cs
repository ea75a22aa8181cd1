using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Demo;
using Telemetry.Api.Drives;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Ingest;
using Telemetry.Api.Observability;
using Telemetry.Api.OpenApi;
using Telemetry.Api.Pages;
using Telemetry.Api.Playback;
using Telemetry.Api.Stream;
using Telemetry.Api.TroubleCodes;
using Telemetry.Api.Vehicles;

namespace Telemetry.Api;

static class Program
{
    static async Task<int> Main(string[] args)
    {
        try
        {
            var commandLine = CommandLine.Parse(args);
            if (commandLine.Help)
            {
                Console.WriteLine(CommandLine.HelpText);
                return 0;
            }

            if (commandLine.Version)
            {
                Console.WriteLine(ProductVersion.Text);
                return 0;
            }

            if (commandLine.HashPassword) return Passwords.Command();
            await using var app = Build(args);
            if (commandLine.ImportFile is { } file) return await ImportCommand.RunAsync(app.Services, file);
            return await RunAsync(app);
        }
        catch (Exception error) when (error is SettingException or IOException or UnauthorizedAccessException)
        {
            // Each says in one line what is wrong: a setting, or a file.
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (InvalidDataException error)
        {
            // A settings file that is no JSON: the file, then the line.
            await Console.Error.WriteLineAsync($"{error.Message} {error.GetBaseException().Message}");
            return 1;
        }
    }

    static async Task<int> RunAsync(WebApplication app)
    {
        var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            ProductVersion.LogAddressWhenStarted(app);
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop before it was ready, or one of them died so early.
        }

        // The host stops when one dies, and calls that a success.
        if (services.Find(service => service.ExecuteTask is { IsFaulted: true }) is not { } dead) return 0;
        await Console.Error.WriteLineAsync($"The server has ended because {dead.GetType().Name} failed: {dead.ExecuteTask!.Exception!.GetBaseException().Message}");
        return 1;
    }

    /// <summary>The server, ready to run: the stages in the order the data flows.</summary>
    internal static WebApplication Build(string[] args)
    {
        var commandLine = CommandLine.Parse(args);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = [.. commandLine.Configuration, "--hostBuilder:reloadConfigOnChange=false"], // Settings are read once.
            ContentRootPath = AppContext.BaseDirectory, // Pages and settings stand beside the program, wherever it is started.
        });
        FrameworkSettings.Check(builder.Configuration);
        builder.AddListening();
        builder.AddAccess();
        builder.AddPageSecurity();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<LoopWatch>();

        // Whoever asks /health/ready is answered; each answer need not be logged as well.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        builder.KeepDemoApart(commandLine);
        builder.AddStream();
        builder.Services.AddHostedService<LiveConsumers>();
        builder.AddHistory();
        builder.AddVehicles();
        builder.AddBroadcast();
        builder.AddPlayback();
        builder.AddDrives();
        builder.AddIngest();
        builder.AddTroubleCodes();
        builder.AddHealth();
        builder.AddMetrics();
        builder.AddTraces();
        builder.AddDemo(commandLine);

        var app = builder.Build();
        app.UseListening();
        app.UseTrustedProxies();
        app.UsePageSecurity();
        app.UseHostCheck();
        app.UseExceptionHandler();
        app.UseClientErrors();
        app.UseStatusCodePages();
        app.MapBroadcast();
        app.UseAccess();
        app.MapLogin();
        app.MapVehicles();
        app.MapTroubleCodes();
        app.MapHistory();
        app.MapPlayback();
        app.MapDrives();
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApi();
        app.MapPages();
        return app;
    }
}
