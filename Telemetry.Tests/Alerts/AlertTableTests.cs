using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Rows of alerts in both stores.</summary>
public sealed partial class AlertTableTests(PostgresServer postgres) : IDisposable
{
    static readonly DateTime Start = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Alerts_of_a_rule_and_vehicle_do_not_overlap_and_old_ones_are_dropped(string store)
    {
        await using var server = await Server.Start(store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}");
        await Eventually.Holds("the store is open", () => server.Service<StoreAndForward>().Opened.IsCompletedSuccessfully);
        var (readings, table, vehicle) = (server.Service<ReadingStore>(), server.Service<AlertTable>(), server.Service<VehicleRegistry>().Default);
        foreach (var (from, to, isWritten) in new (int, int?, bool)[]
        {
            (0, 100, true), (200, 300, true), (50, 60, false), (100, 120, true), (110, null, false), (150, null, false), (120, 200, true), (150, 150, false), (-10, 1, false), (-10, 500, false), (-10, 0, true), (0, 0, true),
            (400, null, true), (500, 600, false), (500, null, false), (350, 401, false), (350, 400, true), (-60, null, false), (-60, -50, true),
        })
        {
            var alert = Of(vehicle, from, to);
            await readings.ChangeAsync([], transaction => table.WriteAsync(transaction, [new AlertOfVehicle(alert, vehicle.Id)]));
            ((await Read(readings, table)).Any(other => other.Id == alert.Id)).Should().Be(isWritten, $"{from} to {to}");
        }

        await readings.ChangeAsync([], transaction => table.DropBeforeAsync(transaction, Start.AddSeconds(350)));
        (await Read(readings, table)).Select(alert => (int)(alert.FiredAt - Start).TotalSeconds).Should().Equal(400, 350);
        await readings.ChangeAsync([], transaction => table.DropBeforeAsync(transaction, Start.AddSeconds(1000)));
        (await Read(readings, table)).Select(alert => (int)(alert.FiredAt - Start).TotalSeconds).Should().Equal([400], "it is open");
        await readings.ChangeAsync([], transaction => table.DropBeforeAsync(transaction, DateTime.UnixEpoch.AddYears(-50)));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task An_alert_keeps_the_severity_with_which_it_fired(string store)
    {
        await using var server = await Server.Start(store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}");
        await Eventually.Holds("the store is open", () => server.Service<StoreAndForward>().Opened.IsCompletedSuccessfully);
        var (readings, table, vehicle) = (server.Service<ReadingStore>(), server.Service<AlertTable>(), server.Service<VehicleRegistry>().Default);
        var fired = Of(vehicle, 0, null);
        foreach (var alert in new[] { fired, fired with { Severity = Severity.Critical } })
            await readings.ChangeAsync([], transaction => table.WriteAsync(transaction, [new AlertOfVehicle(alert, vehicle.Id)]));
        var stored = (await Read(readings, table)).Single();
        (stored.Severity, stored.FiredSeverity).Should().Be((Severity.Critical, Severity.Warning));
        // A version that did not know it has written the row.
        await readings.ChangeAsync([], transaction => transaction.Connection!.ExecuteAsync("UPDATE alerts SET fired_severity = NULL", transaction: transaction));
        (await Read(readings, table)).Single().FiredSeverity.Should().Be(Severity.Critical);
    }

    [Fact]
    public async Task What_runs_for_each_alert_reads_a_part_of_an_index()
    {
        await using (var server = await Server.Start($"History:SqlitePath={_folder["history.db"]}")) await Eventually.Holds("the store is open", () => server.Service<StoreAndForward>().Opened.IsCompletedSuccessfully);
        using var database = new SqliteConnection($"Data Source={_folder["history.db"]};Pooling=False");
        var insert = database.Query<Step>($"EXPLAIN QUERY PLAN {Parameter().Replace(AlertTable.Insert, "1")}").Select(step => step.Detail).Where(detail => detail.Contains("alerts", StringComparison.Ordinal));
        insert.Should().Equal(
            "SEARCH alerts USING INDEX alerts_of_rule (rule_id=? AND vehicle_id=? AND fired_at<?)",
            "SEARCH alerts USING INDEX alerts_of_rule (rule_id=? AND vehicle_id=? AND fired_at>? AND fired_at<?)");
        database.Query<Step>("EXPLAIN QUERY PLAN SELECT * FROM alerts WHERE cleared_at IS NULL ORDER BY alert_id DESC LIMIT 100").Select(step => step.Detail).Should().Equal("SCAN alerts USING INDEX alerts_open_newest");
    }

    static Alert Of(Vehicle vehicle, int from, int? to) => new(AlertIds.New(Start.AddSeconds(from)), 1000, vehicle, Severity.Warning, Start.AddSeconds(from), Start.AddSeconds(from))
    {
        Rule = "fast",
        ClearedAt = to is { } end ? Start.AddSeconds(end) : null,
    };

    static async Task<IReadOnlyList<Alert>> Read(ReadingStore readings, AlertTable table)
    {
        IReadOnlyList<Alert> alerts = [];
        await readings.ChangeAsync([], async transaction => alerts = await table.ReadAsync(transaction.Connection!, new AlertQuery { RuleId = 1000 }, transaction));
        return alerts;
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Parameter();

    sealed class Step
    {
        public string Detail { get; init; } = "";
    }
}
