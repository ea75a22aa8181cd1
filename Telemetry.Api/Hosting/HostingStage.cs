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
        // For its log, the host otherwise gives each request an activity and a scope, which a socket holds for as long as it is open. With Traces:Endpoint there is one anyway.
        AddDefaults(builder.Configuration, KeyValuePair.Create<string, string?>("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"));
        FrameworkSettings.Check(builder.Configuration);
        builder.AddListening();
        builder.Services.AddSingleton<LoopWatch>();
        // A runtime that compiles just in time may be changing what it has mapped.
        if (!RuntimeFeature.IsDynamicCodeSupported) builder.Services.AddHostedService<StartMemory>();
        return builder;
    }

    // The demo car's readings stay out of the real history, unless the settings name a store.
    static void KeepDemoApart(ConfigurationManager configuration) => AddDefaults(configuration,
        KeyValuePair.Create<string, string?>("History:SqlitePath", "data/demo.db"),
        KeyValuePair.Create<string, string?>("History:SpoolPath", "data/demo-spool.db"));

    // First in the list: every other source overrides them.
    static void AddDefaults(ConfigurationManager configuration, params KeyValuePair<string, string?>[] defaults) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
}
