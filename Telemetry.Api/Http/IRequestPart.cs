using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Telemetry.Api.Http;

/// <summary>A part of a request as a typed parameter of endpoints: read and checked before the endpoint runs, and described in the OpenAPI document.</summary>
interface IRequestPart<TSelf> : IBindableFromHttpContext<TSelf>, IEndpointParameterMetadataProvider where TSelf : class, IRequestPart<TSelf>
{
    static abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Statuses of the problems that reading may throw.</summary>
    static virtual IReadOnlyList<int> Problems => [StatusCodes.Status400BadRequest];

    /// <exception cref="ProblemException">The request is invalid.</exception>
    static abstract TSelf Read(HttpContext http);

    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<TSelf?>(TSelf.Read(context));

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var described in TSelf.Parameters) builder.Metadata.Add(described);
        foreach (var status in TSelf.Problems) builder.Metadata.Add(Problem.Described(status));
    }
}
