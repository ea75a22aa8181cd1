using Telemetry.Api.Access;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Migration;

namespace Telemetry.Api;

/// <summary>The program's commands: the server, and those that end by themselves.</summary>
static class Commands
{
    /// <returns>The exit code. An error is one line on standard error.</returns>
    public static async Task<int> RunAsync(string[] args, Func<CommandLine, WebApplication> build)
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

            FileHandles.CheckForStart();
            if (commandLine.HashPassword) return Passwords.Command();
            if (commandLine.AskHealth) return await HealthCommand.RunAsync(commandLine);
            await using var app = build(commandLine);
            commandLine.CheckSections(app.Services.GetServices<SettingsSection>());
            if (commandLine.CheckSetup) return await SetupCheck.RunAsync(app.Services);
            if (commandLine.Import.File is { } file) return await ImportCommand.RunAsync(app.Services, file, commandLine);
            if (commandLine.MigrateTo is { } database) return await MigrateCommand.RunAsync(app.Services, database);
            return await RunAsync(app);
        }
        catch (Exception error) when (error is SettingException or IOException or UnauthorizedAccessException)
        {
            // The message is complete in one line.
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (InvalidDataException error)
        {
            // A settings file that is not valid JSON: the file, then the line.
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
            // Stopped before it was ready, or after a service had failed.
        }

        // The host stops when a service fails, but reports success.
        if (services.Find(service => service.ExecuteTask is { IsFaulted: true }) is not { } failed) return 0;
        await Console.Error.WriteLineAsync($"The server has ended because {failed.GetType().Name} failed: {failed.ExecuteTask!.Exception!.GetBaseException().Message}");
        return 1;
    }
}
