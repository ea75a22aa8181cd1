using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>The dashboard on the tables of PostgreSQL, which a real server has filled.</summary>
public partial class VehicleDashboardTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_query_runs_on_the_tables_as_they_are()
    {
        var store = await postgres.CreateDatabase();
        await using var server = await Server.Start([.. AlertRig.AtOnce, $"ConnectionStrings:Telemetry={store}"]);
        await server.Http.AddRule("[]");
        await server.Publish(("wican/coolant_temperature", "106"), ("wican/vehicle_speed", "80"));
        await server.StoreIs("direct");
        await using var connection = new NpgsqlConnection(store);
        await Eventually.Holds("the alert is in the store", async () => await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM alerts") == 1);
        // P0301, stored.
        await connection.ExecuteAsync("INSERT INTO trouble_codes VALUES (1, 2024, 1, 769, now(), now())");

        var dashboard = Dashboard.Open("vehicles");
        var queries = dashboard.Queries("rawSql");
        queries.Should().HaveCount(dashboard.Panels.Count);
        foreach (var query in queries) (await connection.QueryAsync(Expand(query))).Should().NotBeEmpty(query);
        foreach (var query in dashboard.Variables.Where(variable => variable.GetProperty("type").GetString() == "query").Select(variable => variable.GetProperty("query").GetString()!))
            (await connection.QueryAsync(query)).Should().NotBeEmpty(query);
        (await connection.QueryAsync<string>($"SELECT code FROM ({Expand(queries.Single(query => query.Contains("trouble_codes", StringComparison.Ordinal)))}) codes")).Should().Equal("P0301");
        (await connection.QueryAsync<string>($"SELECT severity FROM ({Expand(queries.Single(query => query.Contains("cleared_at IS NULL", StringComparison.Ordinal)))}) alerts")).Should().Equal("warning");
    }

    /// <summary>A query as Grafana sends it: its macros for the last day, all vehicles and one signal.</summary>
    static string Expand(string query)
    {
        string Time(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return TimeFilter().Replace(query, match => $"{match.Groups["column"].Value} BETWEEN '{Time(-1)}' AND '{Time(1)}'")
            .Replace("$vehicle", "1,2", StringComparison.Ordinal).Replace("$signal", "'vehicle_speed'", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\$__timeFilter\((?<column>\w+)\)")]
    private static partial Regex TimeFilter();
}
