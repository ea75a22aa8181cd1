using System.Data.Common;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Tests.Notify;
using Telemetry.Tests.Support;
using Telemetry.Tests.TroubleCodes;
using Reader = Telemetry.Tests.Support.HomeAssistant;

namespace Telemetry.Tests.Vehicles;

/// <summary>A deleted vehicle that had everything a vehicle can have: no row of any table, no topic and no answer names it any more.</summary>
public sealed class DeletedVehicleTests(PostgresServer postgres) : IDisposable
{
    const int Id = 2;

    // Dongles of the vehicle: its own, that of a vehicle merged into it, and one assigned to it.
    static readonly string[] Marks = ["lawvan", "lawold", "lawnew", Answers.Vin];

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Of_a_deleted_vehicle_in_tables_spool_topics_and_answers(string store)
    {
        var database = store == "postgres" ? await postgres.CreateDatabase() : "";
        await using var mosquitto = await Mosquitto.Start();
        await using var reader = await Reader.Start(mosquitto.Port, states: "#");
        string[] settings =
        [
            .. AlertRig.AtOnce, "HomeAssistant:Enabled=true", $"ConnectionStrings:Telemetry={database}", $"History:SqlitePath={_folder["store.db"]}", $"History:SpoolPath={_folder["spool.db"]}",
            "Mqtt:Host=127.0.0.1", $"Mqtt:Port={mosquitto.Port}", "Alerts:Channels:ha:Mqtt=telemetry/alerts", "Alerts:Channels:ha:Discovery=homeassistant",
            // Nobody listens there: what is to be sent waits.
            $"Alerts:Channels:dead:Webhook=http://127.0.0.1:{Ports.Free()}", "Alerts:Channels:dead:Every=0",
        ];
        await using (var server = await Server.Start(settings))
        {
            await server.BrokerIs("healthy");
            await Fill(server, mosquitto, database);
            await Eventually.Holds("each table with vehicles has a row of it", async () => (await Unfilled(database)) == "", TimeSpan.FromSeconds(40));
            var spool = await Found(Spool());
            spool.Keys.Should().Contain(["vehicles", "notified_alerts", "retained", "outgoing"]);
            reader.Topics.Should().Contain("homeassistant/device/telemetry_2/config").And.Contain("telemetry/2/state");

            using var deleted = await server.Delete(Id);
            deleted.IsSuccessStatusCode.Should().BeTrue(await deleted.Content.ReadAsStringAsync());
            await IsGone(database);
            await Eventually.Holds("no topic is left", () => !reader.Topics.Any(topic => topic.Contains("telemetry_2", StringComparison.Ordinal) || topic.Contains("/2/", StringComparison.Ordinal)));
            foreach (var path in (string[])["/vehicles", "/alerts?state=all", "/telemetry/export", "/alerts/channels", "/health/ready"])
                (await (await server.Http.GetAsync(path)).Content.ReadAsStringAsync()).Should().NotContainAny(Marks, path);
            foreach (var path in (string[])["/vehicles/2/codes", "/telemetry/latest?vehicle_id=2", "/forecasts?vehicle_id=2", "/drives?vehicle_id=2", "/trips?vehicle_id=2", "/telemetry/export?vehicle_id=2"])
                ((int)(await server.Http.GetAsync(path)).StatusCode).Should().Be(404, path);
        }

        await IsGone(database, "after what is written at the stop");
        await using (var again = await Server.Start(settings))
        {
            await again.BrokerIs("healthy");
            (await again.Vehicles()).Should().Be("1 default");
        }

        await IsGone(database, "after a restart");
        reader.Topics.Should().NotContain(topic => topic.Contains("telemetry_2", StringComparison.Ordinal) || topic.Contains("/2/", StringComparison.Ordinal));
    }

    async Task Fill(Server server, Mosquitto mosquitto, string database)
    {
        await server.Http.AddRule("""[{"to":["ha","dead"]}]""", name: "Hot");
        await server.Http.AddRule("[]", more: ""","for":3600""", name: "Waiting");
        await mosquitto.Publish("wican/lawvan", """{"rpm":1000,"coolant_temperature":106}""", "-q", "1");
        await Eventually.Holds("it is heard", async () => (await server.Vehicles()).Contains("2 lawvan", StringComparison.Ordinal));
        await mosquitto.Publish("wican/lawvan/can/rx", Answers.Of(0x7E8, "43 02 03 01 12 34"), "-q", "1");
        await mosquitto.Publish("wican/lawvan/can/rx", Answers.OfVin(), "-q", "1");
        await mosquitto.Publish("wican/lawold/rpm", "2000", "-q", "1");
        await Eventually.Holds("the other is heard", async () => (await server.Vehicles()).Contains("3 lawold", StringComparison.Ordinal));
        await Eventually.Holds("both become one", async () => (await server.Patch(3, """{"merge_into":2}""")).IsSuccessStatusCode);
        await Eventually.Holds("it has another dongle", async () => (await server.Patch(Id, """{"device":"lawnew"}""")).IsSuccessStatusCode);
        await server.Import((DateTime.UtcNow.AddDays(-3), "lawvan", "soc", 50));

        // Written after drives or hours only.
        await using var connection = Store(database);
        object time = database == "" ? 1_700_000_000_000_000L : DateTime.UnixEpoch.AddSeconds(1_700_000_000);
        await connection.ExecuteAsync("""
            INSERT INTO forecast_models (vehicle_id, learned_until, drives, readings, state) VALUES (2, @time, 1, 1, @state) ON CONFLICT DO NOTHING;
            INSERT INTO forecast_scores (vehicle_id, forecast, unit, state, drives, scored) VALUES (2, 'range', 'km', 'good', 1, 1) ON CONFLICT DO NOTHING;
            INSERT INTO closed_hours (vehicle_id, signal_id, hour, readings, lowest, highest, total) VALUES (2, 1, @time, 1, 1, 1, 1) ON CONFLICT DO NOTHING;
            INSERT INTO trips (vehicle_id, started_at, ended_at, readings, method, max_step) VALUES (2, @time, @time, 1, 1, 1);
            INSERT INTO trip_notes (vehicle_id, started_at, ended_at, note, version, changed_at) VALUES (2, @time, @time, 'to lawvan', 1, @time);
            INSERT INTO alert_clocks (rule_id, vehicle_id, since, counted) VALUES (-77, 2, @time, 1) ON CONFLICT DO NOTHING;
            """, new { time, state = Array.Empty<byte>() });
    }

    async Task IsGone(string database, string when = "at once")
    {
        var left = "not read";
        await Eventually.Holds($"nothing is left {when}", async () => (left = await Left(database)) == "", TimeSpan.FromSeconds(10)).ContinueWith(_ => { }, TaskScheduler.Default);
        left.Should().BeEmpty(when);
    }

    async Task<string> Left(string database) => string.Join('\n', (await Found(Store(database))).Values.Concat((await Found(Spool())).Values.Select(row => $"spool: {row}")));

    async Task<string> Unfilled(string database)
    {
        await using var connection = Store(database);
        var found = await Found(Store(database));
        var withVehicles = new List<string>();
        foreach (var table in await Tables(connection))
        {
            await using var columns = await connection.ExecuteReaderAsync($"SELECT * FROM {table} LIMIT 0");
            if (Enumerable.Range(0, columns.FieldCount).Any(i => columns.GetName(i) == "vehicle_id")) withVehicles.Add(table);
        }

        // Partitions of other months are empty.
        return string.Join(' ', withVehicles.Where(table => !table.StartsWith("readings_", StringComparison.Ordinal)).Except(found.Keys));
    }

    SqliteConnection Spool() => new($"Data Source={_folder["spool.db"]};Mode=ReadOnly");

    DbConnection Store(string database) => database == "" ? new SqliteConnection($"Data Source={_folder["store.db"]};Default Timeout=20") : new NpgsqlConnection(database);

    static async Task<List<string>> Tables(DbConnection connection) => [.. await connection.QueryAsync<string>(connection is SqliteConnection
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'" : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")];

    // Tables with a row that has its id, or one of its names in any column, each with such a row.
    static async Task<Dictionary<string, string>> Found(DbConnection connection)
    {
        await using var _ = connection;
        var found = new Dictionary<string, string>();
        foreach (var table in await Tables(connection))
        {
            await using var rows = await connection.ExecuteReaderAsync($"SELECT * FROM {table}");
            while (await rows.ReadAsync())
            {
                var values = Enumerable.Range(0, rows.FieldCount).Select(i => (Name: rows.GetName(i), Text: Text(rows.GetValue(i)))).ToList();
                if (values.Exists(value => (value.Name == "vehicle_id" && value.Text == $"{Id}") || Marks.Any(value.Text.Contains))) found[table] = $"{table} {string.Join('|', values)}";
            }
        }

        return found;
    }

    static string Text(object value) => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value.ToString() ?? "";
}
