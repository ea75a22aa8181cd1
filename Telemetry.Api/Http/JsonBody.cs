using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Telemetry.Api.Http;

/// <summary>A JSON body as a typed parameter of endpoints. It reads the parsed JSON itself, so that an error can name the key.</summary>
interface IJsonBody<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IJsonBody<TSelf>
{
    /// <summary>Description of a valid body, for the error message.</summary>
    static abstract string Takes { get; }

    static virtual Type Schema => typeof(TSelf);

    /// <summary>The value of a request without a body; null: there must be one.</summary>
    static virtual TSelf? Absent => null;

    /// <summary>Check before the body is read.</summary>
    static virtual void Check(HttpContext http)
    {
    }

    /// <exception cref="ProblemException">The body is invalid; an <see cref="InvalidOperationException"/> if a string in it is not valid UTF-8.</exception>
    static abstract TSelf Read(JsonElement body);

    static async ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter)
    {
        TSelf.Check(context);
        if (TSelf.Absent is { } absent && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false) return absent;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (RepeatedKey(body.RootElement) is { } key) throw new ProblemException($"{key} is given twice.", key);
            return TSelf.Read(body.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ProblemException(TSelf.Takes, null);
        }
    }

    // The parser could refuse them itself, but does not say which key it was.
    private static string? RepeatedKey(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array) return json.EnumerateArray().Select(RepeatedKey).FirstOrDefault(key => key is not null);
        if (json.ValueKind != JsonValueKind.Object) return null;
        var names = new HashSet<string>();
        foreach (var property in json.EnumerateObject())
            if (!names.Add(property.Name)) return property.Name;
        return json.EnumerateObject().Select(property => RepeatedKey(property.Value)).FirstOrDefault(key => key is not null);
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new BodyDescription("application/json", TSelf.Schema));
        foreach (var status in (int[])[StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge]) builder.Metadata.Add(Problem.Described(status));
    }
}
