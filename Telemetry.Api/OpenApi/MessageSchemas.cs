using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Telemetry.Api.Playback;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;

namespace Telemetry.Api.OpenApi;

/// <summary>Schemas of messages that have no type of their own.</summary>
static class MessageSchemas
{
    const string LiveMessage = "LiveMessage";
    const JsonSchemaType NumberOrNull = JsonSchemaType.Number | JsonSchemaType.Null;

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(LiveMessage, Live());
        document.AddComponent("PlaybackCommand", Command());
        SetAnswer(document, "/telemetry/latest", new OpenApiSchemaReference(LiveMessage, document));
        SetAnswer(document, "/openapi/v1.json", new OpenApiSchema { Type = JsonSchemaType.Object });
    }

    static void SetAnswer(OpenApiDocument document, string path, IOpenApiSchema schema) =>
        ((OpenApiResponse)document.Paths[path].Operations![HttpMethod.Get].Responses!["200"]).Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } };

    static OpenApiSchema Live() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "state", "data", "timestamp" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Const = "telemetry_update" },
            ["state"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Enum.GetValues<VehicleState>().Select(state => (JsonNode)Encoding.UTF8.GetString(TelemetryMessage.StateName(state)))] },
            ["data"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string>(["vehicle_id", .. Signal.Six.Select(signal => signal.Name)]),
                Properties = Signal.Six.Select(signal => (signal.Name, Schema: new OpenApiSchema { Type = NumberOrNull, Description = signal.Unit }))
                    .Prepend(("vehicle_id", new OpenApiSchema { Type = JsonSchemaType.Integer })).ToDictionary(property => property.Item1, property => (IOpenApiSchema)property.Item2),
                AdditionalProperties = new OpenApiSchema { Type = NumberOrNull, Description = "A signal that was asked for" },
            },
            ["timestamp"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "UTC arrival of the newest reading, six decimals, no zone suffix",
                Pattern = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$",
            },
        },
        Examples = [JsonNode.Parse("""
            {"type":"telemetry_update","state":"running","data":{"vehicle_id":1,"rpm":2500,"vehicle_speed":65.5,"coolant_temperature":87.3,"engine_load":45.2,"control_module_voltage":13.8,"fuel_rail_pressure":350.2},"timestamp":"2025-11-27T16:04:47.234000"}
            """)!],
    };

    static OpenApiSchema Command() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["pause"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            ["speed"] = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = Text(PlaybackCommand.MinSpeed), Maximum = Text(PlaybackCommand.MaxSpeed) },
            ["seek"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        },
    };

    static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
