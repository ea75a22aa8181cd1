using System.Text.RegularExpressions;
using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The recipes for Prometheus and Grafana, against a real Prometheus that scrapes a real server.</summary>
public partial class PrometheusTests
{
    [Fact]
    public async Task Every_rule_fires_on_its_fault_and_none_on_a_healthy_server()
    {
        var (exitCode, output) = await Prometheus.TestRules();
        exitCode.Should().Be(0, output);
    }

    [Fact]
    public async Task Every_query_of_rules_and_dashboard_names_metrics_that_there_are_and_draws_something()
    {
        await using var listener = await WebhookListener.Start();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"Alerts:Channels:ops:Webhook={listener.Address}", "Alerts:Channels:ops:Every=0"]);
        await using var prometheus = await Prometheus.Start(server.Address);
        await using var page = await server.Listen();
        await server.Http.AddRule("""[{"to":["ops"]}]""");
        await server.Publish(("wican/coolant_temperature", "106"), ("wican/rpm", "fast"));
        await listener.Got(1);
        using (var stranger = await RawMqtt.Connect(server.BrokerPort, "stranger")) await stranger.Subscribe("#", 0);

        var queries = Dashboard.Open("server").Queries("expr").Select(Expand).ToList();
        queries.Should().HaveCountGreaterThan(20);
        foreach (var query in queries)
        {
            await Eventually.Holds($"{query} draws something", async () =>
            {
                await server.Publish(("wican/rpm", "2500"));
                return await prometheus.Count(query) > 0;
            }, TimeSpan.FromSeconds(30));
        }

        var rules = await prometheus.Rules();
        rules.Should().HaveCount(9);
        var metrics = await prometheus.Metrics();
        foreach (var (name, query) in rules)
        {
            await prometheus.Count(query);
            Metric().Matches(query).Select(match => match.Value).Should().NotBeEmpty(name).And.BeSubsetOf(metrics);
        }
    }

    /// <summary>A query as Grafana sends it when all servers are chosen.</summary>
    static string Expand(string query) =>
        query.Replace("$instance", ".*", StringComparison.Ordinal).Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal);

    [GeneratedRegex(@"\btelemetry_\w+|\bup\b")]
    private static partial Regex Metric();
}
