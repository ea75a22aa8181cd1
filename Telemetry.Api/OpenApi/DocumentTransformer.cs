using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Telemetry.Api.Access;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;

namespace Telemetry.Api.OpenApi;

/// <summary>Adds what the types of endpoints do not describe to the generated document.</summary>
static class DocumentTransformer
{
    const string Description = "Live state of vehicles, their history, and the health of the server. Times in queries are ISO 8601, UTC unless they have a time zone, from the year 2000 on. "
        + "Errors are application/problem+json: detail has the error and the valid values, parameter the name of the parameter.";

    const string ProblemType = "application/problem+json";
    const string ProblemName = "Problem";

    static readonly OpenApiHeader RetryAfter = new() { Description = "Seconds", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } };

    static readonly string[] Tags = ["live", "vehicles", "history", "alerts", "server"];

    static readonly Dictionary<int, string?> Problems = new()
    {
        [StatusCodes.Status400BadRequest] = "A parameter or the body is wrong; parameter names it",
        [StatusCodes.Status401Unauthorized] = "The token is missing or not valid",
        [StatusCodes.Status403Forbidden] = "The token is for other vehicles, or the page's Origin is not allowed",
        [StatusCodes.Status404NotFound] = "The vehicle, rule or alert does not exist, or no login is configured",
        [StatusCodes.Status408RequestTimeout] = "The body arrived too slowly",
        [StatusCodes.Status409Conflict] = "It has changed meanwhile: one of the vehicles has become part of another one, the rule has another version, the alert is over. Nothing has been changed",
        [StatusCodes.Status413PayloadTooLarge] = $"The body is longer than {Listening.MaxBody} bytes, or 16384 with a rule",
        [StatusCodes.Status426UpgradeRequired] = "The request does not ask for a WebSocket",
        [StatusCodes.Status429TooManyRequests] = "Too many requests: try again after the seconds in Retry-After",
        [StatusCodes.Status503ServiceUnavailable] = "Temporarily unavailable: try again after the seconds in Retry-After",
    };

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.HttpMethod != HttpMethods.Connect;
        options.AddDocumentTransformer((document, _, _) => CompleteAsync(document));
        options.CreateSchemaReferenceId = NameOf;
        options.AddSchemaTransformer((schema, context, _) => CompleteAsync(schema, context));
        options.AddOperationTransformer((operation, context, _) => CompleteAsync(operation, context));
    }

    static Task CompleteAsync(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "Telemetry", Version = ProductVersion.Text, Description = Description };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(name => new OpenApiTag { Name = name }));
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Query, Name = "token" },
            ["cookie"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "telemetry_token", Description = "Over HTTPS its name is __Host-telemetry_token" },
        };
        document.Security = [new OpenApiSecurityRequirement(), .. document.Components.SecuritySchemes.Keys.Select(name => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = [] })];
        MessageSchemas.AddTo(document);
        return Task.CompletedTask;
    }

    static async Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in metadata.OfType<Parameter>()) (operation.Parameters ??= []).Add(ParameterSchema.Of(parameter));
        if (metadata.OfType<BodyDescription>().FirstOrDefault() is { } body) operation.RequestBody = await BodyAsync(body, context);

        var responses = operation.Responses ??= [];
        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        if (isOpen) operation.Security = [new OpenApiSecurityRequirement()];
        else AddProblem(StatusCodes.Status401Unauthorized);
        if (!isOpen && !metadata.OfType<LimitedToViewer>().Any()) AddProblem(StatusCodes.Status403Forbidden);
        foreach (var (status, response) in responses.Select(entry => (int.Parse(entry.Key, CultureInfo.InvariantCulture), (OpenApiResponse)entry.Value)))
        {
            if (status < StatusCodes.Status300MultipleChoices) response.Description = metadata.OfType<SuccessDescription>().LastOrDefault()?.Text ?? response.Description;
            else if (response.Content?.ContainsKey(ProblemType) == true) response.Description = Problems.GetValueOrDefault(status, response.Description);
            if (status is StatusCodes.Status429TooManyRequests || (status is StatusCodes.Status503ServiceUnavailable && !isOpen)) response.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter };
        }

        void AddProblem(int status) => responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
        {
            Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(ProblemName, context.Document) } },
        });
    }

    static async Task<OpenApiRequestBody> BodyAsync(BodyDescription body, OpenApiOperationTransformerContext context)
    {
        IOpenApiSchema schema = await context.GetOrCreateSchemaAsync(body.Type);
        if (body.Example is { } example) ((OpenApiSchema)schema).Examples = [example];
        if (((OpenApiSchema)schema).Type == JsonSchemaType.Object)
        {
            context.Document!.AddComponent(body.Type.Name, schema);
            schema = new OpenApiSchemaReference(body.Type.Name, context.Document);
        }

        return new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = new() { Schema = schema } } };
    }

    static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonPropertyInfo is null && context.JsonTypeInfo.Type == typeof(ProblemDetails))
        {
            schema.Description = "RFC 9457";
            (schema.Properties ??= new Dictionary<string, IOpenApiSchema>())["parameter"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What it is about: a parameter, a key of the body, or a header" };
        }

        foreach (var attribute in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), true) ?? [])
        {
            if (attribute is AllowedValuesAttribute allowed) schema.Enum = [.. allowed.Values.Select(value => (JsonNode)(string)value!)];
            if (attribute is DataTypeAttribute { DataType: DataType.DateTime }) schema.Format = "date-time";
        }

        return Task.CompletedTask;
    }

    // Names of schemas in the contract that differ from the type's name.
    static string? NameOf(JsonTypeInfo type)
    {
        if (type.Type == typeof(ProblemDetails)) return ProblemName;
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return name?.EndsWith("Row", StringComparison.Ordinal) == true ? name[..^"Row".Length] : name;
    }
}
