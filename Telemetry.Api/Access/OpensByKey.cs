namespace Telemetry.Api.Access;

/// <summary>Endpoints that accept a key in the address instead of a token and the Origin check: the link alone gives access. The endpoint checks the key.</summary>
static class OpensByKey
{
    public const string Parameter = "key";

    public static RouteHandlerBuilder OpensWithKey(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(Marked.Mark);

    public static bool HasKey(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<Marked>() is not null && http.Request.Query.ContainsKey(Parameter);

    sealed class Marked
    {
        public static readonly Marked Mark = new();
    }
}
