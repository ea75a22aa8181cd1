using Telemetry.Api.Hosting;

namespace Telemetry.Api.Access;

/// <summary>Who may ask for what.</summary>
static class AccessStage
{
    /// <exception cref="SettingException">Everybody in the network could listen, and nobody has said that they may.</exception>
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<AuthSettings>("Auth");
        if (!settings.IsOn && !settings.AllowAnonymous && !Listening.IsLocal(builder.Configuration))
            throw new SettingException($"{Listening.Describe(builder.Configuration)}, which others reach too; it takes loopback addresses such as http://localhost:8000 unless Auth:SigningKey or Auth:Authority is set, or Auth:AllowAnonymous=true lets everybody in.");

        builder.AddHostCheck();
        builder.Services.AddSingleton<LoginAttempts>();
        builder.Services.AddSingleton<Logouts>();
        if (!settings.IsOn) return;
        builder.Services.AddSingleton<IHttpContextFactory, QueryTokenStrippingContextFactory>();
        Tokens.Add(builder, settings);
    }

    /// <summary>Asks for a token where one is needed, and serves the login. After CORS, so that pages of other origins can read the answer.</summary>
    public static void MapAccess(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AuthSettings>().IsOn) UseTokens(app);
        app.MapLogin();
    }

    // In a method of its own: what it names is loaded when it runs.
    // Said here, or the framework would look for the cookie first of all, before a proxy is believed that the request came through HTTPS.
    static void UseTokens(WebApplication app) => app.UseAuthentication().UseMiddleware<AuthMiddleware>();
}
