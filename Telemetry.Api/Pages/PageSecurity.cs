using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Options;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Pages;

/// <summary>Tells browsers that have used HTTPS to use nothing else (RFC 6797).</summary>
sealed class HstsSettings
{
    /// <summary>Time for which browsers remember that; zero: off.</summary>
    [Duration("00:00:00", "730.00:00:00", ErrorMessage = "takes a duration as d.hh:mm:ss, 00:00:00 to 730.00:00:00")]
    public TimeSpan MaxAge { get; set; }
}

[OptionsValidator]
sealed partial class HstsValidator : IValidateOptions<HstsSettings>;

static class PageSecurity
{
    // Only the server's own files are executed, shown or requested; sockets of the same origin are part of 'self'.
    const string Scripts = "script-src 'self'";
    const string Styles = "style-src 'self'";
    const string Images = "img-src 'self'";
    const string Policy = $"default-src 'none'; {Scripts}; {Styles}; {Images}; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Policy of a page with one inline script and with styles made at run time. The nonce is new for each request.</summary>
    public static string PolicyWithScript(string nonce) =>
        Policy.Replace(Scripts, $"{Scripts} 'nonce-{nonce}'", StringComparison.Ordinal).Replace(Styles, $"{Styles} 'unsafe-inline'", StringComparison.Ordinal);

    public static void AddHsts(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings("Hsts", new HstsValidator(), static (section, strict) => section.Get<HstsSettings>(strict));
        builder.Services.Configure<HstsOptions>(hsts => hsts.MaxAge = settings.MaxAge);
    }

    /// <summary>Headers of all answers: no guessing of types, only the server's own scripts, no frames, no caching unless the answer allows it.</summary>
    public static void UsePageSecurity(this WebApplication app)
    {
        var policy = app.Services.GetRequiredService<MapSettings>().Origin is { } tiles ? Policy.Replace(Images, $"{Images} {tiles}", StringComparison.Ordinal) : Policy;
        app.Use((http, next) =>
        {
            // As late as possible: error answers, which are built anew, need the headers too.
            http.Response.OnStarting(response => GuardAsync((HttpResponse)response, policy), http.Response);
            return next(http);
        });
        if (app.Services.GetRequiredService<HstsSettings>().MaxAge > TimeSpan.Zero) app.UseHsts();
    }

    // The only permission a page needs is to keep the screen on.
    static Task GuardAsync(HttpResponse response, string policy)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = policy;
        headers["Permissions-Policy"] = "screen-wake-lock=(self), camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
