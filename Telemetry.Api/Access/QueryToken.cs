using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Telemetry.Api.Access;

/// <summary>Token of <c>?token=</c>, for clients that cannot set headers.</summary>
sealed record QueryToken(string Value);

/// <summary>Removes the token from the request's address before anything else sees it, so that it cannot get into a log.</summary>
sealed class QueryTokenStrippingContextFactory(IServiceProvider services) : IHttpContextFactory
{
    const string Name = "token";

    readonly DefaultHttpContextFactory _contexts = new(services);

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        var request = featureCollection.GetRequiredFeature<IHttpRequestFeature>();
        if (Split(request.QueryString) is var (token, rest))
        {
            featureCollection.Set(new QueryToken(token));
            request.QueryString = rest;
            request.RawTarget = request.RawTarget.Split('?')[0] + rest;
        }

        return _contexts.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => _contexts.Dispose(httpContext);

    static (string Token, string Query)? Split(string query)
    {
        if (query.Length < 2) return null;
        string? token = null;
        var rest = "";
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (pair.DecodeName().Span.Equals(Name, StringComparison.OrdinalIgnoreCase)) token = token is null ? pair.DecodeValue().ToString() : ""; // Two tokens: not valid.
            else rest += $"{(rest == "" ? '?' : '&')}{pair.EncodedName}={pair.EncodedValue}";
        }

        return token is null ? null : (token, rest);
    }
}
