using Telemetry.Api.Hosting;

namespace Telemetry.Api.Access;

/// <summary>Origins that may connect, for CORS and WebSockets: <c>AllowedOrigins</c> and the server's own.</summary>
sealed class AllowedOrigins
{
    readonly HashSet<string> _origins;

    public AllowedOrigins(IConfiguration configuration)
    {
        var configured = TextList.Read(configuration, "AllowedOrigins", [','], "http://localhost:3000");
        _origins = new HashSet<string>(configured.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
        foreach (var origin in _origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase))
                throw new SettingException($"AllowedOrigins holds '{origin}'; it takes origins such as http://localhost:3000, as a list or separated by commas.");
        }
    }

    public IEnumerable<string> Hosts => _origins.Select(origin => new Uri(origin).Host);

    public bool Contains(string origin) => _origins.Contains(origin);

    /// <summary>A request without Origin does not come from a browser, and may connect.</summary>
    public bool Allow(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return origin is null || Contains(origin) || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
