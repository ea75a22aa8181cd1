using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Requests that nobody would make: each is answered, or refused with the parameter that is wrong; none fails, none changes what it should not.</summary>
public class HistoryFuzzTests(PostgresServer postgres)
{
    const int Requests = 1500;
    const int Files = 300;
    const string Header = "recorded_at,vehicle,signal,value\n";

    static readonly string[] Parameters = ["vehicle_id", "signal", "from", "to", "points", "format"];

    static readonly string[] Good =
        ["1", "2", "rpm", "rpm,soc", "soc", "2026-11-01T10:00:00Z", "2026-11-01", "2026-11-02", "2026-11-01T10:00:00.123456Z", "2026-11-01T12:00+02:00", "500", "5000", "csv", "ndjson"];

    static readonly string[] Bad =
    [
        "", " ", "0", "-1", "1e9", "1000000000", "99999999999999999999", "2147483648", "NaN", "Infinity", "1.5", "0x10", "\u0661", "rpm;", "rpm' OR '1'='1", "rpm'); DROP TABLE readings;--", "\"rpm\"", "rpm,,",
        "0001-01-01", "9999-12-31T23:59:59.9999999Z", "2026-13-01", "2026-02-30", "2026-11-01T25:00:00Z", "yesterday", "now()", "1999-12-31T23:59:59Z", "2026-11-01T10:00:00+99:99", "20261101",
        "../../etc/passwd", "%s%n", "{0}", "${jndi:ldap://x}", "<script>", "xlsx", "CSV", "\0", "rpm\0", "\r\nX: y", "é", "🚗", "\u202e", "\ufeffrpm", "@Id", "$1", ":from",
    ];

    // As they may stand in an address though no text is written so: bytes that are no UTF-8, halves of characters, a percent sign alone.
    static readonly string[] Raw = ["%ff%fe", "%c0%80", "%ed%a0%80", "%", "%zz", "%00", "+", "%2525", "%u0031", "&", "=", ";"];

    readonly Random _random = new(4711);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task No_query_fails(string store)
    {
        await using var server = await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        await server.Import((new DateTime(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc), "default", "rpm", 800), (new DateTime(2026, 11, 1, 10, 0, 1, DateTimeKind.Utc), "van", "soc", 71));
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < Requests; i++)
        {
            var path = (i % 3 == 0 ? "/telemetry/export?" : "/telemetry/history?") + string.Join('&', Enumerable.Range(0, _random.Next(5)).Select(_ => $"{Parameter()}={Value()}"));
            using var answer = await server.Http.GetAsync(new Uri($"{server.Address.AbsoluteUri.TrimEnd('/')}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            var outcome = await Judge(answer, path);
            seen[outcome] = seen.GetValueOrDefault(outcome) + 1;
        }

        seen.Keys.Should().BeEquivalentTo(["", .. Parameters], "each parameter has been refused, and some requests were good");
        (await server.Http.GetStringAsync("/telemetry/export?from=2026-11-01&to=2026-11-02")).Should().Be($"{Header}2026-11-01T10:00:00.000000Z,default,rpm,800\n");
    }

    [Fact]
    public async Task No_file_fails()
    {
        await using var server = await Server.Start();
        var (taken, refused) = (0, 0);
        for (var i = 0; i < Files; i++)
        {
            var file = File();
            using var answer = await server.Http.PostAsync("/telemetry/import", new ByteArrayContent(file));
            if (answer.IsSuccessStatusCode) taken++;
            else if ((await Judge(answer, Encoding.UTF8.GetString(file))).StartsWith("line ", StringComparison.Ordinal)) refused++;
        }

        (taken + refused).Should().Be(Files);
        taken.Should().BeGreaterThan(10);
        refused.Should().BeGreaterThan(100);
        await server.StoreIs("direct");
        (await server.Http.GetAsync("/telemetry/history?from=2026-11-01&to=2026-11-02")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task The_largest_numbers_make_a_chart(string store)
    {
        await using var server = await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        foreach (var value in (string[])["1.7e308", "-1.7e308", "9e99"])
            await server.Publish(("wican/odd", value), ("wican/odd", value), ("wican/odd", value));
        await server.StoreIs("direct");
        await Eventually.Holds("all are kept", async () => (await server.Http.GetStringAsync("/telemetry/export")).Contains(",odd,"));
        foreach (var points in (int[])[1, 5000])
        {
            var chart = await server.Http.GetFromJsonAsync<JsonElement>($"/telemetry/history?signal=odd&points={points}");
            chart.GetProperty("signals").GetProperty("odd").GetProperty("avg").EnumerateArray().Should().Contain(value => value.ValueKind == JsonValueKind.Number);
        }

        (await server.Ready()).GetProperty("checks").GetProperty("store").GetProperty("set_aside").GetInt32().Should().Be(0);
    }

    static async Task<string> Judge(HttpResponseMessage answer, string request)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            if (type == "application/json") JsonDocument.Parse(text).RootElement.GetProperty("time").GetArrayLength().Should().BeLessThanOrEqualTo(5000);
            return "";
        }

        answer.StatusCode.Should().BeOneOf([HttpStatusCode.BadRequest, HttpStatusCode.NotFound], $"{request}: {text}");
        type.Should().Be("application/problem+json", request);
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("detail").GetString().Should().NotBeNullOrEmpty(request);
        return problem.GetProperty("parameter").GetString()!;
    }

    string Parameter() => _random.Next(12) == 0 ? Any(["Signal", "signal[]", "bucket", "%ff"]) : Any(Parameters);

    string Value() => _random.Next(10) switch
    {
        < 5 => Uri.EscapeDataString(Any(Good)),
        < 8 => Uri.EscapeDataString(Any(Bad)),
        8 => Any(Raw),
        _ => string.Concat(Enumerable.Repeat(Uri.EscapeDataString(Any(Bad)), _random.Next(1, 100))),
    };

    byte[] File()
    {
        var lines = string.Concat(Enumerable.Range(0, _random.Next(1, 8)).Select(_ => _random.Next(8) == 0
            ? $"{Any(Good)},{Any(Bad)},{Any(Good)},{Any(Bad)}\n"
            : $"2026-11-01T10:00:{_random.Next(60):00}Z,{Any(["default", "van", "\"va,n\"", "car 7", Any(Bad)])},{Any(["rpm", "soc", "odometer", "0C-EngineRPM", Any(Bad)])},{Any(["800", "-0", "1e-9", "71.5", "1e300", Any(Bad)])}{Any(["\n", "\n", "\r\n", "\n\n", _random.Next(4) == 0 ? "" : "\n"])}"));
        var text = Header + lines;
        var bytes = _random.Next(6) switch
        {
            0 => Encoding.Unicode.GetBytes(text),
            1 => [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)],
            2 => Encoding.Latin1.GetBytes(text),
            3 => Encoding.UTF8.GetBytes(text.Replace("\n", new string('x', _random.Next(3000)), StringComparison.Ordinal)),
            _ => Encoding.UTF8.GetBytes(text),
        };
        for (var changes = _random.Next(3); changes > 0; changes--) bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        return _random.Next(8) == 0 ? bytes[.._random.Next(bytes.Length)] : bytes;
    }

    string Any(string[] among) => among[_random.Next(among.Length)];
}
