namespace Telemetry.Api.Access;

/// <summary>Endpoints that a key in the address opens, in place of a token and of the Origin check: whoever has the link may use it. The endpoint itself checks the key.</summary>
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
