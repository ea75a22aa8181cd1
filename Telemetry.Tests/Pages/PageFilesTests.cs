using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Telemetry.Api.Hosting;
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
    public async Task Modules_and_style_sheets_are_sent_without_comments_and_shorter_by_a_third()
    {
        await using var server = await Server.Start();
        var top = Path.Combine(Repository.Top, "wwwroot");
        var (written, sent) = (0, 0);
        foreach (var path in new[] { "js", "css" }.SelectMany(folder => Directory.GetFiles(Path.Combine(top, folder), "*", SearchOption.AllDirectories)))
        {
            var text = await server.Http.GetStringAsync("/" + Path.GetRelativePath(top, path).Replace('\\', '/'));
            text.Should().NotBeEmpty(path).And.NotContainAny("@param", "@typedef", "/**");
            // Texts in several languages have next to no comments.
            if (path.Contains("/js/words/", StringComparison.Ordinal)) continue;
            (written, sent) = (written + (int)new FileInfo(path).Length, sent + text.Length);
        }

        sent.Should().BeLessThan(written * 2 / 3);
    }

    [Fact]
    public async Task Every_page_ends_with_the_version_of_the_program()
    {
        await using var server = await Server.Start();
        foreach (var page in Directory.GetFiles(Path.Combine(Repository.Top, "wwwroot"), "*.html").Select(Path.GetFileName))
            (await server.Http.GetStringAsync("/" + page)).Should().Contain($"<footer class=\"foot\" data-version>Telemetry {ProductVersion.Text}</footer>", page);
    }

    [Theory]
    [InlineData("index.html", "js/dashboard.js")]
    [InlineData("analytics.html", "js/analytics.js")]
    [InlineData("fleet.html", "js/fleet.js")]
    [InlineData("drives.html", "js/drives.js")]
    public async Task All_modules_that_a_page_imports_are_preloaded_and_no_other(string page, string script)
    {
        await using var server = await Server.Start();
        var preloaded = Preloaded().Matches(await server.Http.GetStringAsync("/" + page)).Select(match => match.Groups["name"].Value);
        preloaded.Should().BeEquivalentTo(ImportedBy(script, []));
    }

    // From the sources, where an import has a line of its own.
    static HashSet<string> ImportedBy(string module, HashSet<string> found)
    {
        var top = Path.Combine(Repository.Top, "wwwroot");
        foreach (Match import in Import().Matches(File.ReadAllText(Path.Combine(top, module))))
        {
            var imported = Path.GetRelativePath(top, Path.Combine(top, Path.GetDirectoryName(module)!, import.Groups["path"].Value)).Replace('\\', '/');
            if (found.Add(imported) && imported.StartsWith("js/", StringComparison.Ordinal)) ImportedBy(imported, found);
        }

        return found;
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
    [InlineData("settings.html")]
    [InlineData("trips.html")]
    public async Task No_page_holds_a_script_or_a_style_of_its_own(string name)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Top, "wwwroot", name));
        page.Should().NotContain("<style").And.NotContainAny(" style=", " onclick=", " onload=");
        OwnScript().IsMatch(page).Should().BeFalse();
    }

    [GeneratedRegex("<link rel=\"modulepreload\" href=\"v/[^/]+/(?<name>[^\"]+)\"")]
    private static partial Regex Preloaded();

    [GeneratedRegex("""^(import|export) ([^'"]+ from )?'(?<path>\.[^']+)';""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("(href|src)=\"(?<name>v/[^\"]+)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex("<script[^>]*>[^<]")]
    private static partial Regex OwnScript();
}
