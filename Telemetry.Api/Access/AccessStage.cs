using Telemetry.Api.Hosting;
using Telemetry.Api.Http;

namespace Telemetry.Api.Access;

static class AccessStage
{
    /// <exception cref="SettingException">The server would be reachable from the network without a login, and <see cref="AuthSettings.AllowAnonymous"/> is not set.</exception>
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings("Auth", new AuthValidator(), static (section, strict) => section.Get<AuthSettings>(strict));
        if (!settings.IsOn && !settings.AllowAnonymous && !Listening.IsLocal(builder.Configuration))
            throw new SettingException($"{Listening.Describe(builder.Configuration)}, which is reachable from the network; it takes loopback addresses such as http://localhost:8000 unless Auth:SigningKey or Auth:Authority is set, or Auth:AllowAnonymous=true allows access without a login.");

        builder.AddTrustedProxies();
        builder.AddHostCheck();
        builder.Services.AddSingleton<LoginAttempts>();
        builder.Services.AddSingleton<Logouts>();
        builder.AddJson(AccessJson.Default);
        if (!settings.IsOn) return;
        builder.Services.AddSingleton<IHttpContextFactory, QueryTokenStrippingContextFactory>();
        Tokens.Add(builder, settings);
    }

    /// <summary>Must run after CORS, so that pages of other origins can read a 401.</summary>
    public static void MapAccess(this WebApplication app)
    {
        if (app.Services.GetRequiredService<AuthSettings>().IsOn) UseTokens(app);
        app.UseOriginCheck();
        app.MapLogin();
    }

    // Separate method, so that the assembly is loaded only when needed. UseAuthentication is called explicitly: the framework would insert it first, before TrustedProxies has set the scheme on which the cookie's name depends.
    static void UseTokens(WebApplication app) => app.UseAuthentication().UseMiddleware<AuthMiddleware>();
}
