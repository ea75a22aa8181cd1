using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Pages;

/// <summary>Pages as they are served, by real requests to the real server.</summary>
public partial class PageFilesTests
{
    static async Task<HttpResponseMessage> Get(Server server, string path, string? encoding = null, EntityTagHeaderValue? known = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (encoding is not null) request.Headers.AcceptEncoding.ParseAdd(encoding);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return await server.Http.SendAsync(request);
    }

    [Fact]
    public async Task What_a_page_loads_is_kept_for_ever_and_the_page_is_asked_for_anew()
    {
        await using var server = await Server.Start();
        using var page = await Get(server, "/");
        page.Headers.CacheControl!.NoCache.Should().BeTrue();
        var loaded = Loaded().Matches(await page.Content.ReadAsStringAsync()).Select(match => match.Groups["name"].Value).ToList();
        loaded.Should().Contain(name => name.EndsWith("js/dashboard.js", StringComparison.Ordinal)).And.HaveCountGreaterThan(20)
            .And.OnlyContain(name => name.StartsWith("v/", StringComparison.Ordinal));
        foreach (var name in loaded)
        {
            using var file = await Get(server, "/" + name, "br");
            file.StatusCode.Should().Be(HttpStatusCode.OK, name);
            file.Headers.CacheControl!.ToString().Should().Be("max-age=31536000, immutable", name);
        }

        using var again = await Get(server, "/", known: page.Headers.ETag);
        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await again.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        using var head = await Get(server, "/", method: HttpMethod.Head);
        head.Content.Headers.ContentLength.Should().Be(page.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("br;q=1.0, gzip", "br")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("identity", null)]
    [InlineData("nonsense;;q=", null)]
    public async Task Text_is_compressed_as_the_browser_can_read_it(string accepted, string? encoding)
    {
        await using var server = await Server.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/app.webmanifest");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await server.Http.SendAsync(request);
        answer.Content.Headers.ContentEncoding.SingleOrDefault().Should().Be(encoding);
        answer.Headers.Vary.Should().Equal("Accept-Encoding");
        var body = await answer.Content.ReadAsStreamAsync();
        using var text = new StreamReader(encoding switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body });
        (await text.ReadToEndAsync()).Should().Be(await File.ReadAllTextAsync(Path.Combine(Repository.Top, "wwwroot/app.webmanifest")));
    }

    [Fact]
    public async Task A_module_is_sent_without_its_comments_and_each_line_keeps_its_number()
    {
        await using var server = await Server.Start();
        foreach (var path in Directory.GetFiles(Path.Combine(Repository.Top, "wwwroot/js"), "*.js", SearchOption.AllDirectories))
        {
            var source = await File.ReadAllLinesAsync(path);
            var sent = (await server.Http.GetStringAsync("/" + Path.GetRelativePath(Path.Combine(Repository.Top, "wwwroot"), path))).Split('\n')[..^1];
            sent.Should().HaveSameCount(source, path);
            foreach (var (was, now) in source.Zip(sent)) now.Should().BeOneOf([was.Trim(), ""], path);
            source.Zip(sent).Where(line => line.Second.Length == 0).Should().OnlyContain(line => IsReading().IsMatch(line.First), path);
            sent.Should().NotContain(line => line.Contains("@param") || line.Contains("@typedef"), path);
        }
    }

    [Fact]
    public async Task A_version_of_before_gets_what_there_is_now_and_may_not_keep_it()
    {
        await using var server = await Server.Start();
        using var old = await Get(server, "/v/0123456789ab/js/page.js");
        old.StatusCode.Should().Be(HttpStatusCode.OK);
        old.Headers.CacheControl!.NoCache.Should().BeTrue();
    }

    [Theory]
    [InlineData("/v/js/page.js")]
    [InlineData("/v/")]
    [InlineData("/js/none.js")]
    [InlineData("/js/%2e%2e/%2e%2e/appsettings.json")]
    [InlineData("/v/x/../../appsettings.json")]
    [InlineData("/index.html/")]
    [InlineData("/shared/head.html")]
    public async Task What_is_no_file_of_the_pages_is_not_found(string path)
    {
        await using var server = await Server.Start();
        using var answer = await Get(server, path);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_page_may_run_nothing_but_its_own_scripts_and_stand_in_no_frame()
    {
        await using var server = await Server.Start();
        using var page = await Get(server, "/analytics.html");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        policy.Should().Contain("default-src 'none'").And.Contain("script-src 'self'").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe").And.NotContain("*");
        page.Headers.GetValues("Cross-Origin-Opener-Policy").Should().Equal("same-origin");
        page.Headers.GetValues("Permissions-Policy").Single().Should().Contain("camera=()");
        page.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
        foreach (var path in new[] { "/analytics.html", "/telemetry/latest", "/js/page.js", "/none" })
        {
            using var answer = await Get(server, path);
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal(["nosniff"], path);
            answer.Headers.Server.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("analytics.html")]
    [InlineData("fleet.html")]
    [InlineData("drives.html")]
    [InlineData("alerts.html")]
    public async Task No_page_holds_a_script_or_a_style_of_its_own(string name)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Top, "wwwroot", name));
        page.Should().NotContain("<style").And.NotContainAny(" style=", " onclick=", " onload=");
        OwnScript().IsMatch(page).Should().BeFalse();
    }

    [GeneratedRegex(@"^\s*($|//|/\*\*|\*)")]
    private static partial Regex IsReading();

    [GeneratedRegex("(href|src)=\"(?<name>v/[^\"]+)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex("<script[^>]*>[^<]")]
    private static partial Regex OwnScript();
}
