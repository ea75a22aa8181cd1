using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Telemetry.Api.Http;

/// <summary>A JSON body that endpoints take as a typed parameter. It reads the parsed JSON by itself, so that it can name the key that is wrong.</summary>
/// <typeparam name="TSelf">The type that implements it.</typeparam>
interface IJsonBody<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IJsonBody<TSelf>
{
    /// <summary>What the body takes, for the error message.</summary>
    static abstract string Takes { get; }

    /// <summary>The type that describes the body.</summary>
    static virtual Type Schema => typeof(TSelf);

    /// <summary>The value of a request without a body; null: there must be one.</summary>
    static virtual TSelf? Absent => null;

    /// <summary>Checks a request before its body is read.</summary>
    static virtual void Check(HttpContext http)
    {
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProblemException">It is not what the endpoint takes.</exception>
    /// <exception cref="InvalidOperationException">A text in it is no UTF-8.</exception>
    static abstract TSelf Read(JsonElement body);

    static async ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter)
    {
        TSelf.Check(context);
        if (TSelf.Absent is { } absent && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false) return absent;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return TSelf.Read(body.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ProblemException(TSelf.Takes, null);
        }
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new BodyDescription("application/json", TSelf.Schema));
        foreach (var status in (int[])[StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge]) builder.Metadata.Add(Problem.Described(status));
    }
}
