namespace Telemetry.Api.Http;

/// <summary>Endpoints of a stage, which adds them with its services, so that it is one line in the composition root.</summary>
sealed record StageEndpoints(Action<WebApplication> Map);
