using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Telemetry.Api.Http;

/// <summary>A part of a request that endpoints take as a typed parameter: read and checked before the endpoint runs, and described in the OpenAPI document.</summary>
/// <typeparam name="TSelf">The type that implements it.</typeparam>
interface IRequestPart<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IRequestPart<TSelf>
{
    /// <summary>Its parameters, for the description.</summary>
    static abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Statuses of the problems that reading it may end with.</summary>
    static virtual IReadOnlyList<int> Problems => [StatusCodes.Status400BadRequest];

    /// <summary>Reads it from a request.</summary>
    /// <exception cref="ProblemException">The request does not have what it takes.</exception>
    static abstract TSelf Read(HttpContext http);

    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<TSelf?>(TSelf.Read(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var described in TSelf.Parameters) builder.Metadata.Add(described);
        foreach (var status in TSelf.Problems) builder.Metadata.Add(Problem.Described(status));
    }
}
