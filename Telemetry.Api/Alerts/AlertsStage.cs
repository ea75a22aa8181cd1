using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Store;

namespace Telemetry.Api.Alerts;

static class AlertsStage
{
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(MapAlerts);
        CheckShape(builder.Configuration.GetSection("Alerts:Channels"));
        builder.AddSettings("Alerts", new AlertsValidator(), static (section, strict) => section.Get<AlertsSettings>(strict), entry: typeof(ChannelSection));
        builder.Services.AddSingleton<AlertTable>();
        builder.Services.AddSingleton<ToldAlertTable>();
        builder.Services.AddSingleton<AlertSources>();
        builder.Services.AddSingleton(services => services.GetRequiredService<AlertSources>().Input);
        builder.Services.AddSingleton<AlertRuleStore>();
        builder.Services.AddSingleton<AlertClockStore>();
        builder.Services.AddSingleton<AlertNotes>();
        builder.Services.AddSingleton<AlertRules>();
        builder.Services.AddSingleton<AlertOwner>();
        builder.Services.AddSingleton<HeldTransitions>();
        builder.Services.AddSingleton<OpenAlerts>();
        builder.Services.AddSingleton<AlertLog>();
        builder.Services.AddSingleton<AlertHandover>();
        builder.Services.AddSingleton<AlertLoader>();
        builder.Services.AddSingleton<AlertAnswers>();
        builder.Services.AddSingleton<AlertHistory>();
        builder.Services.AddSingleton<AckKeys>();
        builder.Services.AddHostedService<AlertKeeper>();
        builder.Services.AddHostedService<AlertSync>();
        builder.Services.AddHostedService<ServerAlerts>();
        builder.AddJson(AlertsJson.Default);
        builder.AddBacktests();
    }

    static void MapAlerts(WebApplication app)
    {
        app.MapRules();
        app.MapAlertList();
        app.MapBacktests();
    }

    // The framework ignores settings at a wrong depth.
    static void CheckShape(IConfigurationSection channels)
    {
        if (!string.IsNullOrEmpty(channels.Value)) throw new SettingException($"Unknown setting {channels.Path}: it takes channels, such as {channels.Path}:phone:Webhook=https://ntfy.sh.");
        foreach (var channel in channels.GetChildren())
        {
            if (!string.IsNullOrEmpty(channel.Value)) throw new SettingException($"Unknown setting {channel.Path}: a channel takes keys, such as {channel.Path}:Webhook=https://ntfy.sh.");
            foreach (var tooDeep in channel.GetChildren().SelectMany(key => key.GetChildren())) throw new SettingException($"Unknown setting {tooDeep.Path}: {tooDeep.Path[..tooDeep.Path.LastIndexOf(':')]} has no keys, it takes a value.");
        }
    }
}
