using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Tests.Support;

/// <summary>Answer of <c>/metrics</c>, read as strictly as Prometheus does.</summary>
sealed partial class Scraped
{
    readonly Dictionary<string, double> _values = [];

    public static async Task<Scraped> From(Server server)
    {
        using var answer = await server.Http.GetAsync("/metrics");
        answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        var scraped = new Scraped();
        foreach (var line in (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Comment().Match(line) is { Success: true } type)
            {
                if (type.Groups["type"].Success) scraped.Types[type.Groups["name"].Value] = type.Groups["type"].Value;
                continue;
            }

            var sample = Sample().Match(line);
            sample.Success.Should().BeTrue(line);
            var labels = Scope().Replace(sample.Groups["labels"].Value, "").Trim(',');
            scraped._values[sample.Groups["name"].Value + (labels == "" ? "" : $"{{{labels}}}")] = double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
        }

        return scraped;
    }

    /// <summary>Metrics by name, each a counter, gauge or histogram.</summary>
    public Dictionary<string, string> Types { get; } = [];

    /// <summary>A sample, such as <c>telemetry_mqtt_rejected_total{reason="topic"}</c>.</summary>
    public double this[string sample] => _values.GetValueOrDefault(sample, double.NaN);

    [GeneratedRegex("""^# (HELP|UNIT|EOF|TYPE (?<name>\w+) (?<type>counter|gauge|histogram)$)""")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-z_]+)(\{(?<labels>[^}]*)\})? (?<value>[-+.0-9eEInf]+)( \d+)?$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(^|,)otel_scope_\w+="[^"]*" """ + "?")]
    private static partial Regex Scope();
}
