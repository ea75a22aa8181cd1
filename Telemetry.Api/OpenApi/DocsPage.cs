using Scalar.AspNetCore;
using Telemetry.Api.Pages;

namespace Telemetry.Api.OpenApi;

/// <summary><c>/docs</c>: the OpenAPI document as a page, by Scalar, with files served by this server.</summary>
static class DocsPage
{
    const string Path = "/docs";

    public static void UseDocsPage(this WebApplication app)
    {
        // Loaded by the first request.
        var page = new Lazy<RequestDelegate>(() =>
        {
            var branch = new ApplicationBuilder(app.Services);
            branch.UseRouting();
            branch.UseEndpoints(endpoints => endpoints.MapScalarApiReference(Path, Configure));
            return branch.Build();
        });
        app.Use((http, next) => http.GetEndpoint() is null && http.Request.Path.StartsWithSegments(Path) ? AnswerAsync(http, page.Value) : next(http));
    }

    static void Configure(ScalarOptions options) => options.WithTitle("Telemetry").WithOpenApiRoutePattern("/openapi/v1.json").WithDynamicBaseServerUrl()
        .WithNonce().HideClientButton().HideDeveloperTools().DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp();

    static Task AnswerAsync(HttpContext http, RequestDelegate page)
    {
        http.Response.OnStarting(() =>
        {
            if (http.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce) http.Response.Headers.ContentSecurityPolicy = PageSecurity.PolicyWithScript(nonce);
            return Task.CompletedTask;
        });
        return page(http);
    }
}
