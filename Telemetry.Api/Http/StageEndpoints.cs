namespace Telemetry.Api.Http;

/// <summary>A stage adds its endpoints with its services, so that it is one line in the composition root.</summary>
sealed record StageEndpoints(Action<WebApplication> Map);
