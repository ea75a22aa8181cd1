using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Store;

namespace Telemetry.Api.Alerts;

/// <summary>Rules, and the alerts that they raise.</summary>
static class AlertsStage
{
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<AlertsSettings>("Alerts");
        builder.Services.AddSingleton<AlertTable>();
        builder.Services.AddSingleton<AlertSources>();
        builder.Services.AddSingleton(services => services.GetRequiredService<AlertSources>().Input);
        builder.Services.AddSingleton<AlertRuleStore>();
        builder.Services.AddSingleton<AlertClockStore>();
        builder.Services.AddSingleton<AlertNotes>();
        builder.Services.AddSingleton<AlertRules>();
        builder.Services.AddSingleton<AlertLog>();
        builder.Services.AddSingleton<AlertHistory>();
        builder.Services.AddHostedService<AlertKeeper>();
        builder.Services.AddHostedService<ServerAlerts>();
        builder.AddJson(AlertsJson.Default);
    }

    public static void MapAlerts(this WebApplication app)
    {
        app.MapRules();
        app.MapAlertList();
    }
}
