using Telemetry.Api.Access;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>Requests that are broken, too large, too slow or given up: an answer for the client, and nothing in the log.</summary>
public class ClientErrorTests
{
    const string Json = "Content-Type: application/json";
    const string Chunked = "Transfer-Encoding: chunked";

    static readonly string[] Settings =
    [
        // What the console would show of it, stack traces above all, without showing it here.
        "Logging:LogLevel:Default=Information", "Logging:Console:LogLevel:Default=None",
        "Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond=1000", "Kestrel:Limits:MinRequestBodyDataRate:GracePeriod=00:00:01.5",
    ];

    public static TheoryData<string, string> Bodies => new()
    {
        { "PATCH /vehicles/1", Json },
        { "POST /login", Json },
        { "POST /telemetry/import", "Content-Type: text/csv" },
    };

    [Theory]
    [InlineData("PATCH /vehicles/1")]
    [InlineData("POST /login")]
    [InlineData("POST /logout")]
    [InlineData("GET /vehicles")]
    [InlineData("GET /telemetry/history")]
    [InlineData("GET /ws/telemetry")]
    [InlineData("GET /")]
    [InlineData("POST /nowhere")]
    public async Task A_body_that_is_too_large_is_413_before_any_of_it_has_come(string line)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        using var peer = await RawHttp.Connect(server);
        await Begin(peer, line, Json, "Content-Length: 30000000");
        (await peer.Status()).Should().Be("HTTP/1.1 413 Payload Too Large");
        peer.Reset();
        await NothingIsLogged(server, errors);
    }

    [Theory]
    [InlineData("PATCH /vehicles/1")]
    [InlineData("POST /login")]
    public async Task A_body_that_turns_out_too_large_is_413(string line)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        using var peer = await RawHttp.Connect(server);
        await Begin(peer, line, Json, Chunked);
        await peer.Say($"1001\r\n{{\"name\":\"{new string('x', 4088)}");
        IsProblem(await peer.ReadToEnd(), 413);
        await NothingIsLogged(server, errors);
    }

    [Fact]
    public async Task A_body_may_have_four_kibibytes_and_an_import_more()
    {
        await using var server = await Start();
        using var patch = await server.Http.PatchAsync("/vehicles/1", new StringContent("{\"name\":\"mine\"}".PadRight(4096), null, "application/json"));
        patch.EnsureSuccessStatusCode();
        await server.Import([.. Enumerable.Range(0, 1000).Select(i => (new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i), "default", "rpm", 900d))]);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_chunk_that_is_none_is_400(string line, string type)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        using var peer = await RawHttp.Connect(server);
        await Begin(peer, line, type, Chunked);
        await peer.Say("5\r\n{\"nam\r\nnonsense\r\n");
        IsProblem(await peer.ReadToEnd(), 400);
        await NothingIsLogged(server, errors);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_ends_early_is_not_an_error_of_the_server(string line, string type)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        using var peer = await RawHttp.Connect(server);
        await Begin(peer, line, type, "Content-Length: 100");
        await peer.Say("{\"name\":");
        peer.EndSending();
        await peer.ReadToEnd(); // The web server has closed it, mostly without a word.
        await NothingIsLogged(server, errors);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_comes_too_slowly_is_408(string line, string type)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        using var peer = await RawHttp.Connect(server);
        await Begin(peer, line, type, "Content-Length: 100");
        await peer.Say("{");
        IsProblem(await peer.ReadToEnd(), 408);
        await NothingIsLogged(server, errors);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_cancelled_request_is_not_an_error(string line, string type)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        for (var i = 0; i < 20; i++)
        {
            using var peer = await RawHttp.Connect(server);
            await Begin(peer, line, type, i % 2 == 0 ? "Content-Length: 100" : Chunked);
            await peer.Say(i % 2 == 0 ? "{" : "5\r\n{\"na");
            peer.Reset();
        }

        await NothingIsLogged(server, errors);
    }

    [Theory]
    [InlineData("NONSENSE\r\n\r\n", "400")]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "505")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", "400")]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400")]
    public async Task What_is_no_request_is_answered_and_not_logged(string text, string status)
    {
        await using var server = await Start();
        var errors = ErrorLog.Of(server);
        using var peer = await RawHttp.Connect(server);
        await peer.Say(text);
        (await peer.ReadToEnd()).Should().StartWith($"HTTP/1.1 {status} ");
        await NothingIsLogged(server, errors);
    }

    [Fact]
    public async Task A_limit_of_the_web_server_can_be_set()
    {
        await using var server = await Server.Start("Kestrel:Limits:MaxRequestLineSize=100", "Kestrel:Limits:MaxRequestBodySize=5000");
        using var longest = await server.Http.GetAsync($"/telemetry/latest?x={new string('x', 100)}");
        ((int)longest.StatusCode).Should().Be(414);
        using var larger = await server.Http.PatchAsync("/vehicles/1", new StringContent("{\"name\":\"mine\"}".PadRight(5000), null, "application/json"));
        larger.EnsureSuccessStatusCode();
    }

    static async Task<Server> Start()
    {
        var server = await Server.Start([Jwt.On, "Auth:Username=me", $"Auth:PasswordHash={Passwords.Hash("secret")}", .. Settings]);
        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", Jwt.Token());
        return server;
    }

    static Task Begin(RawHttp peer, string line, params string[] headers) => peer.Begin(line, [$"Authorization: Bearer {Jwt.Token()}", .. headers]);

    static void IsProblem(string answer, int status) => answer.Should().StartWith($"HTTP/1.1 {status} ").And.Contain("application/problem+json").And.Contain($"\"status\":{status}");

    // A stop waits for the requests that are under way.
    static async Task NothingIsLogged(Server server, ErrorLog errors)
    {
        await server.Stop();
        errors.Errors.Should().BeEmpty();
    }
}
