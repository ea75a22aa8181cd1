using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Telemetry.Api.Hosting;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.OpenApi;

/// <summary>The description says what the server does, and the server does what it says.</summary>
public class OpenApiTests
{
    [Fact]
    public async Task It_is_served_and_open_to_everybody()
    {
        await using var server = await Server.Start(Jwt.On);
        using var answer = await server.Http.GetAsync("/openapi/v1.json");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        document.GetProperty("openapi").GetString().Should().StartWith("3.1.");
        document.GetProperty("info").GetProperty("version").GetString().Should().Be(ProductVersion.Text);
        (await server.Http.GetFromJsonAsync<JsonElement>($"/health/ready?token={Jwt.Token()}")).GetProperty("version").GetString().Should().Be(ProductVersion.Text);
    }

    [Fact]
    public async Task Every_endpoint_is_described_and_no_other()
    {
        await using var server = await Server.Start();
        var document = await DocumentOf(server);
        var mapped = server.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "CONNECT")
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace(":int", "", StringComparison.Ordinal)}"));
        var described = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}"));
        described.Should().BeEquivalentTo(mapped);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_has_an_id_of_its_own()
    {
        await using var server = await Server.Start();
        var operations = Operations(await DocumentOf(server)).Where(operation => operation.Method != "head").ToList();
        operations.Should().OnlyContain(operation => operation.Value.GetProperty("summary").GetString() != "" && operation.Value.GetProperty("tags").GetArrayLength() == 1);
        operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Every_query_parameter_is_read_and_a_bad_value_is_a_problem()
    {
        await using var server = await Server.Start();
        var document = await DocumentOf(server);
        foreach (var (path, _, operation) in Operations(document).Where(operation => operation.Method == "get"))
        {
            foreach (var parameter in QueryOf(operation).Where(parameter => parameter.GetProperty("name").GetString() != "token"))
            {
                foreach (var wrong in Wrong(parameter.GetProperty("schema")))
                    await IsRefused(server, path, parameter.GetProperty("name").GetString()!, wrong, operation);
            }
        }
    }

    [Fact]
    public async Task Every_described_limit_and_default_is_taken()
    {
        await using var server = await Server.Start();
        foreach (var (path, _, operation) in Operations(await DocumentOf(server)).Where(operation => operation.Method == "get" && !operation.Path.StartsWith("/ws/", StringComparison.Ordinal)))
        {
            foreach (var parameter in QueryOf(operation))
            {
                foreach (var right in Right(parameter.GetProperty("schema")))
                {
                    using var answer = await server.Http.GetAsync($"{path}?{parameter.GetProperty("name").GetString()}={Uri.EscapeDataString(right)}");
                    answer.StatusCode.Should().Be(HttpStatusCode.OK, $"{path} takes {right} as {parameter}");
                }
            }
        }
    }

    [Fact]
    public async Task A_request_without_a_token_is_answered_as_described()
    {
        await using var server = await Server.Start(Jwt.On);
        foreach (var (path, method, operation) in Operations(await DocumentOf(server)).Where(operation => operation.Method != "head"))
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method.ToUpperInvariant()), path.Replace("{id}", "1", StringComparison.Ordinal));
            using var answer = await server.Http.SendAsync(request);
            var isOpen = operation.TryGetProperty("security", out var security) && security[0].EnumerateObject().Any() is false;
            (answer.StatusCode == HttpStatusCode.Unauthorized).Should().Be(!isOpen, path);
            if (!isOpen) operation.GetProperty("responses").TryGetProperty("401", out _).Should().BeTrue(path);
        }
    }

    [Theory]
    [InlineData("/telemetry/latest", "LiveMessage")]
    [InlineData("/vehicles", "Vehicle")]
    [InlineData("/signals", "Signal")]
    [InlineData("/telemetry/history", "Chart")]
    [InlineData("/drives", "Drive")]
    [InlineData("/trips", "TripReport")]
    [InlineData("/trips/drives", "Trip")]
    [InlineData("/forecasts", "ForecastView")]
    [InlineData("/health/ready", "Health")]
    [InlineData("/clock", "ServerTime")]
    public async Task Answers_have_the_keys_that_are_described(string path, string schema)
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/rpm", "900"));
        await Eventually.Holds("the reading is kept", async () => (await server.Http.GetStringAsync("/drives")).Contains("readings"));
        using var json = JsonDocument.Parse(await server.Http.GetStringAsync(path));
        var answer = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement[0] : json.RootElement;
        var document = await DocumentOf(server);
        Check(document, answer, document.GetProperty("components").GetProperty("schemas").GetProperty(schema), schema);
    }

    static async Task<JsonElement> DocumentOf(Server server) => await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

    static IEnumerable<(string Path, string Method, JsonElement Value)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => (path.Name, verb.Name, verb.Value)));

    static IEnumerable<JsonElement> QueryOf(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query") : [];

    // Nonsense, and what is just outside the described range.
    static IEnumerable<string> Wrong(JsonElement schema)
    {
        yield return "%%";
        if (schema.TryGetProperty("minimum", out var min)) yield return (min.GetDouble() - 0.001).ToString(CultureInfo.InvariantCulture);
        if (schema.TryGetProperty("maximum", out var max)) yield return (max.GetDouble() + 1).ToString(CultureInfo.InvariantCulture);
        if (schema.TryGetProperty("minimum", out var least) && schema.GetProperty("type").GetString() == "integer") yield return (least.GetInt32() - 1).ToString(CultureInfo.InvariantCulture);
    }

    static IEnumerable<string> Right(JsonElement schema)
    {
        foreach (var key in (string[])["minimum", "maximum", "default"])
            if (schema.TryGetProperty(key, out var value)) yield return value.ToString();
        foreach (var key in (string[])["enum", "examples"])
            if (schema.TryGetProperty(key, out var values)) foreach (var value in values.EnumerateArray()) yield return value.GetString()!;
    }

    static async Task IsRefused(Server server, string path, string parameter, string value, JsonElement operation)
    {
        var query = $"{parameter}={Uri.EscapeDataString(value)}";
        using var request = path.StartsWith("/ws/", StringComparison.Ordinal) ? SocketTests.UpgradeRequest(server, query, path) : new HttpRequestMessage(HttpMethod.Get, $"{path}?{query}");
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, $"{path} does not take {value} as {parameter}");
        (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"parameter\":\"{parameter}\"").And.Contain($"\"detail\":\"{parameter} takes ");
        operation.GetProperty("responses").GetProperty("400").GetProperty("content").TryGetProperty("application/problem+json", out _).Should().BeTrue(path);
    }

    // Objects have exactly the keys that are described, all the way down.
    static void Check(JsonElement document, JsonElement value, JsonElement schema, string where)
    {
        schema = Resolve(document, schema);
        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var described)) return;
        foreach (var key in value.EnumerateObject())
        {
            if (described.TryGetProperty(key.Name, out var inner)) Check(document, key.Value, inner, $"{where}.{key.Name}");
            else schema.TryGetProperty("additionalProperties", out _).Should().BeTrue($"{where}.{key.Name} is not described");
        }

        if (schema.TryGetProperty("required", out var required))
            value.EnumerateObject().Select(key => key.Name).Should().Contain(required.EnumerateArray().Select(name => name.GetString()!), where);
    }

    static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var either)) schema = either.EnumerateArray().Single(one => one.TryGetProperty("$ref", out _));
        return schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;
    }
}
