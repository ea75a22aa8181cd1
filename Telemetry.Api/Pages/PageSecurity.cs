namespace Telemetry.Api.Pages;

/// <summary>What browsers are told about every answer, and about the pages besides.</summary>
static class PageSecurity
{
    // Nothing but the server's own files runs, is drawn or is asked; sockets of the same origin are part of 'self'.
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>An answer is never taken for another type than it says.</summary>
    public static void UsePageSecurity(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return next(http);
    });

    /// <summary>A page runs its own scripts only, in no frame, and uses of the device what it needs: the screen that stays lit.</summary>
    public static void Guard(this HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Permissions-Policy"] = "screen-wake-lock=(self), camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
