using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Telemetry.Api.Access;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Access;

/// <summary>The one user of the pages.</summary>
public class LoginTests
{
    const string Password = "correct horse: battery $taple ü";

    static readonly string Hash = Passwords.Hash(Password);

    [Fact]
    public async Task A_login_gives_a_cookie_that_opens_everything_and_a_logout_takes_it()
    {
        await using var server = await Start("Auth:LoginLifetime=1.00:00:00");
        using var login = await LogIn(server, "driver", Password);
        login.StatusCode.Should().Be(HttpStatusCode.NoContent);
        var cookie = login.Headers.GetValues("Set-Cookie").Should().ContainSingle().Which;
        cookie.Should().StartWith("telemetry_token=").And.ContainEquivalentOf("httponly").And.ContainEquivalentOf("samesite=strict").And.ContainEquivalentOf("path=/").And.ContainEquivalentOf("max-age=86400")
            .And.NotContainEquivalentOf("secure");

        var token = cookie.Split(';')[0];
        using var payload = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
        payload.RootElement.GetProperty("sub").GetString().Should().Be("driver");
        (payload.RootElement.GetProperty("exp").GetInt64() - DateTimeOffset.UtcNow.ToUnixTimeSeconds()).Should().BeInRange(86_000, 86_400);
        await using var page = await server.Listen(headers: ("Cookie", token));
        await page.Next();

        using var logout = await server.Http.PostAsync("/logout", null);
        logout.StatusCode.Should().Be(HttpStatusCode.NoContent);
        logout.Headers.GetValues("Set-Cookie").Single().Should().StartWith("telemetry_token=;").And.Contain("1970");
    }

    [Theory]
    [InlineData("driver", "wrong")]
    [InlineData("Driver", Password)]
    [InlineData("", "")]
    public async Task A_wrong_name_or_password_is_401_and_says_not_which(string username, string password)
    {
        await using var server = await Start();
        using var login = await LogIn(server, username, password);
        login.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        login.Headers.Contains("Set-Cookie").Should().BeFalse();
        (await login.Content.ReadAsStringAsync()).Should().Contain("Username or password is wrong.");
    }

    [Theory]
    [InlineData("{", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("{\"username\":1,\"password\":\"x\"}", "application/json")]
    [InlineData("{\"username\":\"driver\"}", "application/json")]
    [InlineData("{\"username\":\"driver\",\"password\":\"x\"}", "text/plain")]
    [InlineData("username=driver&password=x", "application/x-www-form-urlencoded")]
    public async Task A_body_that_is_none_is_400(string body, string type)
    {
        await using var server = await Start();
        using var answer = await server.Http.PostAsync("/login", new StringContent(body, Encoding.UTF8, type));
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_413_and_a_page_of_another_origin_403()
    {
        await using var server = await Start();
        using var huge = await LogIn(server, "driver", new string('x', 5000));
        huge.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        foreach (var path in new[] { "/login", "/logout" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { "Origin", "https://stranger.example" } } };
            using var foreign = await server.Http.SendAsync(request);
            foreign.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task After_five_tries_in_a_minute_there_is_a_pause_for_the_right_password_too()
    {
        await using var server = await Start();
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await LogIn(server, "driver", "wrong");
            wrong.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        using var login = await LogIn(server, "driver", Password);
        login.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        login.Headers.RetryAfter!.Delta.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_is_no_guess_at_the_password_is_not_counted()
    {
        await using var server = await Start();
        foreach (var body in new[] { "", "{}", "nonsense", "{\"username\":\"\",\"password\":\"\"}", "{\"username\":\"driver\",\"password\":\"\"}", "{\"username\":null}", new string('x', 5000) })
        {
            using var empty = await server.Http.PostAsync("/login", new StringContent(body, Encoding.UTF8, "application/json"));
            ((int)empty.StatusCode).Should().BeOneOf([400, 401, 413], body);
        }

        using var login = await LogIn(server, "driver", Password);
        login.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Wrong_passwords_from_many_addresses_lock_no_other_address_out()
    {
        await using var server = await Start("TrustedProxies=127.0.0.1");
        for (var i = 0; i < 35; i++) (await LogIn(server, "driver", "wrong", $"198.51.100.{i / 5}")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await LogIn(server, "driver", Password, "198.51.100.0")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await LogIn(server, "driver", Password, "203.0.113.1")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await LogIn(server, "driver", Password, "2001:db8::1")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        static Task<HttpResponseMessage> LogIn(Server server, string username, string password, string address) => server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/login")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { username, password }), Encoding.UTF8, "application/json"),
            Headers = { { "X-Forwarded-For", address } },
        });
    }

    [Fact]
    public async Task A_logout_ends_the_open_sockets_of_that_login_and_of_no_other()
    {
        await using var server = await Start();
        var (mine, other) = (await Cookie(server), await Cookie(server));
        mine.Should().NotBe(other);
        await using var page = await server.Listen(headers: ("Cookie", mine));
        await using var byParameter = await server.Listen($"token={mine.Split('=')[1]}");
        await using var elsewhere = await server.Listen(headers: ("Cookie", other));
        await using var byKey = await server.Listen($"token={Jwt.Token()}");
        foreach (var listener in new[] { page, byParameter, elsewhere, byKey }) await listener.Next();

        using var logout = new HttpRequestMessage(HttpMethod.Post, "/logout") { Headers = { { "Cookie", mine } } };
        (await server.Http.SendAsync(logout)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        foreach (var ended in new[] { page, byParameter })
        {
            await ended.Ended();
            ((int?)ended.CloseStatus).Should().Be(4401);
            ended.CloseText.Should().Be("logged out");
        }

        await server.Publish(("wican/rpm", "900"));
        foreach (var listener in new[] { elsewhere, byKey }) await listener.Next("it goes on", text => text.Contains("\"rpm\":900,"));

        static async Task<string> Cookie(Server server)
        {
            using var login = await LogIn(server, "driver", Password);
            return login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }
    }

    [Fact]
    public async Task With_tokens_no_key_of_the_data_protection_is_written()
    {
        using var folder = new TempFolder();
        var port = Ports.Free();
        using var server = ServerProcess.Start(folder, new Dictionary<string, string> { ["HOME"] = folder.Path }, $"--{Jwt.On}", $"--Urls=http://127.0.0.1:{port}");
        await Eventually.Holds("the server answers", () => Ports.Answers(port));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Jwt.Token());
        (await client.GetAsync("/vehicles")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await server.Terminate()).Should().Be(0);
        server.Output.Should().NotContain("DataProtection").And.NotContain("encrypt");
        Directory.Exists(folder[".aspnet"]).Should().BeFalse();
    }

    [Fact]
    public async Task The_command_prints_a_hash_that_fits_and_another_one_each_time()
    {
        var hashes = new[] { await HashByCommand(), await HashByCommand() };
        hashes.Should().OnlyHaveUniqueItems();
        foreach (var hash in hashes)
        {
            hash.Should().MatchRegex("^[A-Za-z0-9+/]{82}==$");
            Passwords.Match(Password, hash).Should().BeTrue();
            Passwords.Match(Password + " ", hash).Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("open sesame", true)]
    [InlineData("open sesame ", false)]
    public async Task A_hash_that_version_0_1_0_has_printed_still_works(string password, bool fits)
    {
        const string hash = "pbkdf2-sha256:600000:AAECAwQFBgcICQoLDA0ODw==:BPdmYvWT7KHdt/3CD6dmQ3cfai9TGQtUCcrdWgazVr0=";
        await using var server = await Server.Start(Jwt.On, "Auth:Username=driver", $"Auth:PasswordHash={hash}");
        (await LogIn(server, "driver", password)).StatusCode.Should().Be(fits ? HttpStatusCode.NoContent : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("AQAAAAI=")]
    [InlineData("AgAAAAIAAzRQAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("pbkdf2-sha256:600000:AAAA:AAAA")]
    [InlineData("pbkdf2-sha256:0:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pbkdf2-sha256:99999999:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("md5:1:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Other_texts_are_no_hash(string text)
    {
        Passwords.IsHash(text).Should().BeFalse();
        Passwords.Match("", text).Should().BeFalse();
    }

    static Task<Server> Start(params string[] settings) => Server.Start([Jwt.On, "Auth:Username=driver", $"Auth:PasswordHash={Hash}", .. settings]);

    static Task<HttpResponseMessage> LogIn(Server server, string username, string password) =>
        server.Http.PostAsync("/login", new StringContent(JsonSerializer.Serialize(new { username, password }), Encoding.UTF8, "application/json"));

    static async Task<string> HashByCommand()
    {
        using var command = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Telemetry.Api.dll"), "--hash-password"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await command.StandardInput.WriteLineAsync(Password);
        command.StandardInput.Close();
        var output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        command.ExitCode.Should().Be(0);
        return output.TrimEnd();
    }
}
