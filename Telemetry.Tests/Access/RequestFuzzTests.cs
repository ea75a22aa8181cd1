using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Tests.Broadcast;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>Thousands of requests that nobody should send: each is refused for what is wrong with it, and none is an error of the server.</summary>
public class RequestFuzzTests
{
    const int Count = 3000;

    static readonly char[] Alphabet = [.. "0123456789-+.,:;TZ_%&=/?#'\"\\<>{}[]() \t\r\n\0aeéß漢\u0661\ufeff\ud83d"];

    readonly Random _random = new(4711);

    /// <summary>A parameter, where it stands, and what it takes.</summary>
    static readonly (string Path, string Name, Func<string, bool> Takes)[] Parameters =
    [
        ("/telemetry/latest?", "vehicle_id", text => IsNumber(text, int.MaxValue)),
        ("/vehicles?", "limit", text => IsNumber(text, 1000)),
        ("/vehicles?limit=5&", "after", text => text == "0" || IsNumber(text, int.MaxValue)),
        ("/telemetry/history?", "vehicle_id", text => IsNumber(text, int.MaxValue)),
        ("/telemetry/history?", "points", text => IsNumber(text, 5000)),
        ("/telemetry/history?", "signal", _ => false),
        ("/telemetry/history?to=2026-11-24&", "from", _ => false),
        ("/telemetry/history?", "to", _ => false),
        ("/telemetry/export?", "format", text => text is "csv" or "ndjson"),
        ("/telemetry/export?", "vehicle_id", text => IsNumber(text, int.MaxValue)),
        ("/telemetry/export?", "to", _ => false),
        ("/ws/telemetry?", "vehicle_id", text => text.Split(',').All(id => IsNumber(id, int.MaxValue))),
    ];

    [Fact]
    public async Task A_bad_parameter_is_a_problem_and_never_a_server_error()
    {
        await using var server = await Server.Start();
        var errors = ErrorLog.Of(server);
        for (var i = 0; i < Count; i++)
        {
            var (path, name, takes) = Parameters[i % Parameters.Length];
            var value = Value();
            using var request = SocketTests.UpgradeRequest(server, ""); // Asks for an upgrade, which is no matter elsewhere.
            request.RequestUri = new Uri(server.Address, $"{path}{name}={Uri.EscapeDataString(value)}");
            using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (takes(value))
            {
                answer.StatusCode.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.SwitchingProtocols], request.RequestUri.ToString());
                continue;
            }

            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, request.RequestUri.ToString());
            (await Problem(answer)).GetProperty("parameter").GetString().Should().Be(name);
        }

        errors.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task An_address_of_noise_is_answered_and_never_an_error()
    {
        await using var server = await Server.Start();
        var errors = ErrorLog.Of(server);
        HttpStatusCode[] expected = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.UpgradeRequired];
        for (var i = 0; i < Count; i++)
        {
            var path = Parameters[i % Parameters.Length].Path;
            // Percent signs that begin nothing, parameters without a name, and so on: as they are, but for what is no address at all.
            var noise = string.Concat(_random.GetItems(Alphabet, _random.Next(40)).Where(c => c is > ' ' and < '\x7f' and not '#'));
            var address = new Uri($"{server.Address.GetLeftPart(UriPartial.Authority)}{(i % 4 == 0 ? path.Split('?')[0] + '/' : path)}{noise}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var answer = await server.Http.SendAsync(new HttpRequestMessage(i % 7 == 0 ? HttpMethod.Post : HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead);
            answer.StatusCode.Should().BeOneOf(expected, address.OriginalString);
        }

        errors.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_body_of_noise_is_answered_and_never_an_error()
    {
        await using var server = await Server.Start(Jwt.On, "Auth:Username=me", $"Auth:PasswordHash={Passwords.Hash("secret")}");
        var errors = ErrorLog.Of(server);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token());
        (HttpMethod Method, string Path, string Type, string Seed, HttpStatusCode[] Expected)[] bodies =
        [
            (HttpMethod.Post, "/login", "application/json", """{"username":"me","password":"wrong"}""", [HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]),
            (HttpMethod.Patch, "/vehicles/1", "application/json", """{"name":"mine","offline_after_seconds":10}""", [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NotFound]),
            (HttpMethod.Post, "/telemetry/import", "text/csv", "recorded_at,vehicle,signal,value\n2026-11-24T10:00:00Z,a,rpm,1\n", [HttpStatusCode.OK, HttpStatusCode.BadRequest]),
        ];
        for (var i = 0; i < Count / 3; i++)
        {
            var (method, path, type, seed, expected) = bodies[i % bodies.Length];
            using var content = new ByteArrayContent(Mutated(Encoding.UTF8.GetBytes(seed)));
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            using var answer = await server.Http.SendAsync(new HttpRequestMessage(method, path) { Content = content });
            answer.StatusCode.Should().BeOneOf(expected, "{0} {1}", path, Encoding.Latin1.GetString(await content.ReadAsByteArrayAsync()));
            if (!answer.IsSuccessStatusCode) await Problem(answer);
        }

        errors.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("POST", "/login", "{\"username\":\"\u008c\",\"password\":\"x\"}")]
    [InlineData("PATCH", "/vehicles/1", "{\"name\":\"\u008c\"}")]
    public async Task Text_that_is_no_utf8_is_refused(string method, string path, string body)
    {
        await using var server = await Server.Start(Jwt.On, "Auth:Username=me", $"Auth:PasswordHash={Passwords.Hash("secret")}");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await server.Http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        await Problem(answer);
    }

    [Fact]
    public async Task A_token_that_was_changed_anywhere_is_refused_however_it_is_sent()
    {
        await using var server = await Server.Start(Jwt.On);
        var errors = ErrorLog.Of(server);
        for (var i = 0; i < Count; i++)
        {
            var token = i % 3 == 0 ? Forged() : Changed(Jwt.Token());
            using var request = (i % 4) switch
            {
                0 => SocketTests.UpgradeRequest(server, $"token={Uri.EscapeDataString(token)}"),
                1 => new HttpRequestMessage(HttpMethod.Get, $"/telemetry/latest?token={Uri.EscapeDataString(token)}"),
                2 => WithHeader("Authorization", $"Bearer {token}"),
                _ => WithHeader("Cookie", $"telemetry_token={token}"),
            };
            using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized, token);
            await Problem(answer);
        }

        errors.Errors.Should().BeEmpty();

        static HttpRequestMessage WithHeader(string name, string value)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/vehicles");
            request.Headers.TryAddWithoutValidation(name, value);
            return request;
        }
    }

    static async Task<JsonElement> Problem(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    static bool IsNumber(string text, int most) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && decimal.Parse(text, CultureInfo.InvariantCulture) is >= 1 and var number && number <= most;

    // Every third is a number, which may be too large, or a list of them.
    string Value() => _random.Next(3) == 0
        ? string.Join(',', Enumerable.Range(0, _random.Next(1, 3)).Select(_ => _random.NextInt64(1L << _random.Next(1, 40))))
        : new string(_random.GetItems(Alphabet, _random.Next(20)));

    byte[] Mutated(byte[] body)
    {
        for (var changes = _random.Next(1, 4); changes > 0; changes--) body[_random.Next(body.Length)] = (byte)_random.Next(256);
        return _random.Next(3) == 0 ? body[.._random.Next(body.Length)] : body;
    }

    // Not the last character of the signature: two of its bits mean nothing.
    string Changed(string token)
    {
        var at = _random.Next(token.Length - 1);
        char other;
        do other = (char)_random.Next('!', '~' + 1);
        while (other == token[at] || other is ';' or ',' or '"' or '\\');
        return token[..at] + other + token[(at + 1)..];
    }

    // Well made, and signed with the right key where it is signed at all, but never good.
    string Forged()
    {
        string[] algorithms = ["none", "None", "nOnE", "HS384", "HS512", "RS256", "ES256", "PS256", "", "dir", "HS256 "];
        var hour = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var expired = DateTimeOffset.UtcNow.AddSeconds(-_random.Next(1, 1_000_000)).ToUnixTimeSeconds();
        const string Good = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        return _random.Next(6) switch
        {
            0 => Jwt.Signed($"{{\"alg\":\"{algorithms[_random.Next(algorithms.Length)]}\"}}", $"{{\"aud\":\"telemetry\",\"exp\":{hour}}}"),
            1 => Jwt.Signed(Good, $"{{\"aud\":\"telemetry\",\"exp\":{expired}}}"),
            2 => Jwt.Signed(Good, $"{{\"aud\":\"telemetry\",\"exp\":{hour}}}", new string(_random.GetItems<char>("abcdefgh", 32))),
            3 => Jwt.Signed(Good, $"{{\"aud\":\"{(_random.Next(2) == 0 ? "" : "telemetry2")}\",\"exp\":{hour}}}"),
            4 => Jwt.Signed(Good, $"{{\"aud\":\"telemetry\",\"exp\":{hour},\"vehicles\":{(new[] { "{}", "[1,\"2\"]", "[1.5]", "[99999999999]", "true", "[[1]]" })[_random.Next(6)]}}}"),
            _ => Jwt.Signed(Good, Encoding.Latin1.GetString(Mutated(Encoding.UTF8.GetBytes("{}")))),
        };
    }
}
