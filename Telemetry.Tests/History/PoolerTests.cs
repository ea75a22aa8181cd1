using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>PostgreSQL behind PgBouncer in transaction mode, as hosted databases have it: no two statements need meet the same session.</summary>
public class PoolerTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_pooler_in_transaction_mode_is_no_hindrance()
    {
        var direct = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabase());
        await using var pooler = await PgBouncer.Start(direct);
        var pooled = new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Port = pooler.Port };
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={pooled}");
        await server.StoreIs("direct");
        await server.Publish([.. Enumerable.Range(0, 200).Select(i => ("wican/rpm", $"{i}"))]);
        await server.Import([.. Enumerable.Range(0, 12_000).Select(i => (Cars.Noon.AddSeconds(i), "van", "soc", i % 100.0))]);
        await server.Import((Cars.Noon, "van", "soc", 0)); // There already: the write goes back to its savepoint.
        await server.StoreIs("direct");
        var charts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.Http.GetFromJsonAsync<JsonElement>(
            $"/telemetry/history?vehicle_id=2&signal=soc&from={Cars.Noon:o}&to={Cars.Noon.AddHours(3):o}&points=3")));
        charts.Should().OnlyContain(chart => chart.GetProperty("signals").GetProperty("soc").GetProperty("max")[0].GetDouble() == 99);
        await using var connection = new NpgsqlConnection(direct.ConnectionString);
        (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM readings")).Should().Be(12_200);
        (await connection.ExecuteScalarAsync<long>("SELECT sum(readings) FROM minutes")).Should().Be(12_200);
    }
}
