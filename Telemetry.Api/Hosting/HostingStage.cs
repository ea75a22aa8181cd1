using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration.Memory;

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
        if (commandLine.Demo || commandLine.ReplayFile is not null) KeepDemoApart(builder.Configuration);
        FrameworkSettings.Check(builder.Configuration);
        builder.AddListening();
        builder.Services.AddSingleton<LoopWatch>();
        // A runtime that compiles just in time may be changing what it has mapped.
        if (!RuntimeFeature.IsDynamicCodeSupported) builder.Services.AddHostedService<StartMemory>();
        return builder;
    }

    // The demo car's readings stay out of the real history, unless the settings name a store. First in the list: every other source overrides it.
    static void KeepDemoApart(ConfigurationManager configuration) => configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData =
        [
            KeyValuePair.Create<string, string?>("History:SqlitePath", "data/demo.db"),
            KeyValuePair.Create<string, string?>("History:SpoolPath", "data/demo-spool.db"),
        ],
    });
}
