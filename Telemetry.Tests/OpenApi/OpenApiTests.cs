using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Telemetry.Api.Hosting;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.OpenApi;

/// <summary>The description says what the server does, and the server does what it says.</summary>
public class OpenApiTests
{
    static readonly JsonElement Document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Top, "Telemetry.Api", "OpenApi", "v1.json"))).RootElement;

    [Fact]
    public async Task It_is_served_and_open_to_everybody()
    {
        await using var server = await Server.Start(Jwt.On);
        using var answer = await server.Http.GetAsync("/openapi/v1.json");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        JsonElement.DeepEquals(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement, Document).Should().BeTrue();
    }

    [Fact]
    public async Task It_has_the_version_of_the_program()
    {
        Document.GetProperty("info").GetProperty("version").GetString().Should().Be(ProductVersion.Text);
        await using var server = await Server.Start();
        (await server.Ready()).GetProperty("version").GetString().Should().Be(ProductVersion.Text);
    }

    [Fact]
    public async Task Every_endpoint_is_described_and_no_other()
    {
        await using var server = await Server.Start();
        var mapped = server.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "CONNECT")
                .Select(method => $"{method} {endpoint.RoutePattern.RawText!.Replace(":int", "", StringComparison.Ordinal)}"));
        var described = Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name.ToUpperInvariant()} {path.Name}"));
        described.Should().BeEquivalentTo(mapped);
    }

    [Fact]
    public async Task Every_query_parameter_is_read_and_nonsense_in_it_is_told()
    {
        await using var server = await Server.Start();
        foreach (var path in Document.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)))
        {
            foreach (var parameter in QueryOf(path.Value.GetProperty("get")).Where(name => name != "token"))
            {
                using var request = path.Name.StartsWith("/ws/", StringComparison.Ordinal)
                    ? SocketTests.UpgradeRequest(server, $"{parameter}=%25%25", path.Name)
                    : new HttpRequestMessage(HttpMethod.Get, $"{path.Name}?{parameter}=%25%25");
                using var answer = await server.Http.SendAsync(request);
                answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, $"{path.Name} takes no nonsense as {parameter}");
                (await answer.Content.ReadAsStringAsync()).Should().Contain($"\"parameter\":\"{parameter}\"");
            }
        }
    }

    [Theory]
    [InlineData("/telemetry/latest", "LiveMessage")]
    [InlineData("/vehicles", "Vehicle")]
    [InlineData("/signals", "Signal")]
    [InlineData("/telemetry/history", "Chart")]
    [InlineData("/drives", "Drive")]
    [InlineData("/health/ready", "Health")]
    public async Task Answers_have_the_keys_that_are_described(string path, string schema)
    {
        await using var server = await Server.Start();
        await server.Publish(("wican/rpm", "900"));
        await Eventually.Holds("the reading is kept", async () => (await server.Http.GetStringAsync("/drives")).Contains("readings"));
        using var json = JsonDocument.Parse(await server.Http.GetStringAsync(path));
        var answer = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement[0] : json.RootElement;
        Check(answer, Document.GetProperty("components").GetProperty("schemas").GetProperty(schema), schema);
    }

    // Objects have exactly the keys that are described, all the way down.
    static void Check(JsonElement value, JsonElement schema, string where)
    {
        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var described)) return;
        foreach (var key in value.EnumerateObject())
        {
            if (described.TryGetProperty(key.Name, out var inner)) Check(key.Value, inner, $"{where}.{key.Name}");
            else schema.TryGetProperty("additionalProperties", out _).Should().BeTrue($"{where}.{key.Name} is not described");
        }

        if (schema.TryGetProperty("required", out var required))
            value.EnumerateObject().Select(key => key.Name).Should().Contain(required.EnumerateArray().Select(name => name.GetString()!), where);
    }

    static IEnumerable<string> QueryOf(JsonElement operation) => !operation.TryGetProperty("parameters", out var parameters) ? [] : parameters.EnumerateArray()
        .Select(parameter => parameter.TryGetProperty("$ref", out var reference)
            ? Document.GetProperty("components").GetProperty("parameters").GetProperty(reference.GetString()!.Split('/')[^1])
            : parameter)
        .Where(parameter => parameter.GetProperty("in").GetString() == "query")
        .Select(parameter => parameter.GetProperty("name").GetString()!);
}
