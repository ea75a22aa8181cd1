using Microsoft.AspNetCore.Http.Metadata;

namespace Telemetry.Api.Http;

/// <summary>Bytes that the body of an endpoint's requests may have.</summary>
sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
