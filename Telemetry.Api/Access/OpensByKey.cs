namespace Telemetry.Api.Access;

/// <summary>Endpoints that accept a key in the address instead of a token and the Origin check. The link alone gives access; the endpoint checks the key.</summary>
static class OpensByKey
{
    /// <summary>The parameter with the key.</summary>
    public const string Parameter = "key";

    /// <summary>Marks an endpoint.</summary>
    public static RouteHandlerBuilder OpensWithKey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(Marked.Mark);

    /// <summary>True if a request brings a key to such an endpoint.</summary>
    public static bool HasKey(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<Marked>() is not null && http.Request.Query.ContainsKey(Parameter);

    sealed class Marked
    {
        public static readonly Marked Mark = new();
    }
}
