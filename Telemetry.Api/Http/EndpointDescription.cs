namespace Telemetry.Api.Http;

/// <summary>Descriptions of endpoints for the OpenAPI document; parameters and answers are described by their types.</summary>
static class EndpointDescription
{
    /// <param name="id">The operationId: unique, starting with a verb.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string id, string summary, string answer) =>
        endpoint.WithTags(tag).WithName(id).WithSummary(summary).WithMetadata(new SuccessDescription(answer));

    /// <summary>Declares statuses that the types of its parameters do not declare.</summary>
    public static RouteHandlerBuilder MayAnswer(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.WithMetadata(Problem.Described(status));
        return endpoint;
    }
}

sealed record SuccessDescription(string Text);

/// <summary>Description of a body. Other content types are not refused, as they would be by the framework's metadata.</summary>
sealed record BodyDescription(string ContentType, Type Type, string? Example = null);
