namespace Telemetry.Api.Http;

/// <summary>Descriptions of endpoints for the OpenAPI document; parameters and answers are described by their types.</summary>
static class EndpointDescription
{
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="tag">The group that it is listed in.</param>
    /// <param name="id">Its operationId: unique, a verb first.</param>
    /// <param name="summary">One line.</param>
    /// <param name="answer">Its answer where nothing is wrong.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string tag, string id, string summary, string answer) =>
        endpoint.WithTags(tag).WithName(id).WithSummary(summary).WithMetadata(new SuccessDescription(answer));

    /// <summary>Declares statuses of problems that the types of its parameters do not declare.</summary>
    public static RouteHandlerBuilder MayAnswer(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.WithMetadata(Problem.Described(status));
        return endpoint;
    }
}

/// <summary>Description of an endpoint's successful answer.</summary>
sealed record SuccessDescription(string Text);

/// <summary>Description of the body that an endpoint takes. It refuses no other content type, as the framework's own metadata would.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Type">The type with its schema.</param>
/// <param name="Example">What it may look like.</param>
sealed record BodyDescription(string ContentType, Type Type, string? Example = null);
