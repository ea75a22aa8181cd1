namespace Telemetry.Api.Hosting;

/// <summary>The host: its settings, where it listens, the watch over its loops.</summary>
static class HostingStage
{
    public static WebApplicationBuilder CreateBuilder(this CommandLine commandLine)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = [.. commandLine.Configuration, "--hostBuilder:reloadConfigOnChange=false"], // Settings are read once.
            ContentRootPath = AppContext.BaseDirectory, // Pages and settings are beside the program, wherever it is started.
        });
        FrameworkSettings.Check(builder.Configuration);
        builder.AddListening();
        builder.Services.AddSingleton<LoopWatch>();
        return builder;
    }
}
