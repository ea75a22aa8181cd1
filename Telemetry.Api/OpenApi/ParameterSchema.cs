using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Telemetry.Api.Http;

namespace Telemetry.Api.OpenApi;

static class ParameterSchema
{
    public static OpenApiParameter Of(Parameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter.IsInPath ? ParameterLocation.Path : ParameterLocation.Query,
        Required = parameter.IsInPath,
        Description = parameter.Description,
        Schema = SchemaOf(parameter),
    };

    static OpenApiSchema SchemaOf(Parameter parameter) => parameter switch
    {
        WholeNumber number => new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = Text(number.Min), Maximum = number.Max == int.MaxValue ? null : Text(number.Max), Default = number.Default },
        Number number => new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = Text(number.Min), Maximum = Text(number.Max), Default = number.Default },
        Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
        Choice choice => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. choice.Words.Select(word => (JsonNode)word)], Default = choice.Words[0] },
        Text text => new OpenApiSchema { Type = JsonSchemaType.String, Format = text.Format, Pattern = text.Pattern, Examples = text.Examples.Length == 0 ? null : [.. text.Examples.Select(example => (JsonNode)example)] },
        _ => throw new NotSupportedException(parameter.GetType().Name),
    };

    static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
