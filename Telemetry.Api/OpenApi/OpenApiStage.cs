using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Telemetry.Api.Http;

namespace Telemetry.Api.OpenApi;

/// <summary><c>/openapi/v1.json</c>: description of the endpoints, generated from their parameters and answers.</summary>
static class OpenApiStage
{
    public const string Name = "v1";

    public static void AddOpenApiDocument(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOpenApi(Name, DocumentTransformer.Configure);
        builder.Services.AddSingleton<OpenApiFile>();
    }

    public static void MapOpenApiDocument(this WebApplication app) => app.MapGet("/openapi/v1.json", DocumentAsync).AllowAnonymous()
        .Describe("server", "getDescription", "This description", "OpenAPI 3.1").Produces(StatusCodes.Status200OK);

    static async Task<FileContentHttpResult> DocumentAsync(OpenApiFile file) => TypedResults.Bytes(await file.Content.Value, "application/json");
}

/// <summary>Generated at its first request, then cached.</summary>
sealed class OpenApiFile([FromKeyedServices(OpenApiStage.Name)] IOpenApiDocumentProvider documents)
{
    public Lazy<Task<byte[]>> Content { get; } = new(async () =>
    {
        var document = await documents.GetOpenApiDocumentAsync();
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        return bytes.ToArray();
    });
}
