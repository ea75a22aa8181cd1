namespace Telemetry.Api.Hosting;

static class HostingStage
{
    public static WebApplicationBuilder CreateBuilder(this CommandLine commandLine)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = [.. commandLine.Configuration, "--hostBuilder:reloadConfigOnChange=false"], // Settings are read once.
            ContentRootPath = AppContext.BaseDirectory, // Pages and settings are next to the program, independent of the working directory.
        });
        FrameworkSettings.Check(builder.Configuration);
        builder.AddListening();
        builder.Services.AddSingleton<LoopWatch>();
        return builder;
    }
}
