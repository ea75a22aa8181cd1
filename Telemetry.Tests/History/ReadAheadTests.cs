using Dapper;
using Npgsql;
using Telemetry.Api.Store;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>A chart's read-ahead setting applies to its own command only: a pooler may give the session to another client.</summary>
public class ReadAheadTests(PostgresServer postgres)
{
    const string Setting = "SELECT current_setting('effective_io_concurrency')::integer";

    [Theory]
    [InlineData(1, 128)]
    [InlineData(0, 0)]
    [InlineData(500, 500)]
    public async Task It_holds_for_one_command(int usual, int meanwhile)
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabase());
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync($"SET effective_io_concurrency = {usual}");
        (await connection.QuerySingleAsync<int>($"{new PostgresDialect(source).ReadAhead} {Setting} WHERE 1 = @one", new { one = 1 })).Should().Be(meanwhile);
        (await connection.QuerySingleAsync<int>(Setting)).Should().Be(usual);
    }
}
