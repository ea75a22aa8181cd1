using System.Data.Common;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Api;
using Telemetry.Api.History;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>A long chart is read from hours that were summed up before, and says what the readings themselves say.</summary>
public sealed class HoursTests(PostgresServer postgres) : IDisposable
{
    const int Days = 40;
    const int Points = 100;

    readonly TempFolder _folder = new();
    readonly Random _random = new(3);
    readonly Dictionary<DateTime, double> _readings = [];
    readonly DateTime _now = DateTime.UnixEpoch.AddSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    string _database = "";

    public void Dispose() => _folder.Dispose();

    async Task<string> Setting(string store)
    {
        _database = store == "postgres" ? await postgres.CreateDatabase() : "";
        return store == "postgres" ? $"ConnectionStrings:Telemetry={_database}" : $"History:SqlitePath={_folder["hours.db"]}";
    }

    DbConnection Connect() => _database == "" ? new SqliteConnection($"Data Source={_folder["hours.db"]}") : new NpgsqlConnection(_database);

    /// <summary>Readings at random moments of a time until now.</summary>
    List<(DateTime At, double Value)> Some(int count, TimeSpan until) =>
        [.. Enumerable.Range(0, count).Select(_ => (_now.AddMicroseconds(-_random.NextInt64(until.Ticks / TimeSpan.TicksPerMicrosecond)), Math.Round(_random.NextDouble() * 8000, 3)))];

    async Task Import(Server server, List<(DateTime At, double Value)> readings)
    {
        foreach (var (at, value) in readings) _readings.TryAdd(at, value);
        await server.Import([.. readings.Select(reading => (reading.At, "default", "rpm", reading.Value))]);
        await server.StoreIs("direct");
    }

    async Task MustSayWhatTheReadingsSay(Server server)
    {
        var chart = await server.Http.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture,
            $"/telemetry/history?signal=rpm&from={_now.AddDays(-Days):O}&to={_now:O}&points={Points}"));
        var (from, bucket) = (chart.GetProperty("from").GetDateTime(), TimeSpan.FromSeconds(chart.GetProperty("bucket_seconds").GetDouble()));
        bucket.Should().Be(TimeSpan.FromHours(10), "40 days / 100, in whole hours");
        from.Should().Be(_now.AddDays(-Days).Date.AddHours(_now.Hour));
        var time = chart.GetProperty("time").EnumerateArray().Select(start => DateTime.UnixEpoch.AddSeconds(start.GetDouble())).ToList();
        time.Count.Should().BeLessThanOrEqualTo(Points);
        var rpm = chart.GetProperty("signals").GetProperty("rpm");
        foreach (var (start, i) in time.Select((start, i) => (start, i)))
        {
            var values = _readings.Where(reading => reading.Key >= start && reading.Key < start + bucket).Select(reading => reading.Value).DefaultIfEmpty(double.NaN).ToList();
            Number(rpm.GetProperty("min")[i]).Should().Be(values.Min(), $"of the bucket at {start:O}");
            Number(rpm.GetProperty("max")[i]).Should().Be(values.Max());
            if (!double.IsNaN(values[0])) Number(rpm.GetProperty("avg")[i]).Should().BeApproximately(values.Average(), 1e-5);
        }
    }

    static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Hours_hold_what_came_in_time_late_and_twice(string store)
    {
        await using var server = await Server.Start(await Setting(store));
        var (old, recent, late) = (Some(3000, TimeSpan.FromDays(Days)), Some(500, TimeSpan.FromHours(4)), Some(500, TimeSpan.FromHours(4)));
        foreach (var readings in new[] { old, recent, old, recent }) await Import(server, readings);
        await MustSayWhatTheReadingsSay(server);

        // The hours of now and of the next two are closed; what comes for them is late.
        await server.Service<StoreMaintenance>().MaintainAsync(_now.AddHours(3));
        await MustSayWhatTheReadingsSay(server);
        await using var connection = Connect();
        (await connection.ExecuteScalarAsync<long>("SELECT sum(readings) FROM closed_hours")).Should().Be(_readings.Count);
        foreach (var readings in new[] { late, old, late }) await Import(server, readings);
        await server.Service<StoreMaintenance>().MaintainAsync(_now);
        await MustSayWhatTheReadingsSay(server);
        (await connection.ExecuteScalarAsync<long>("SELECT sum(readings) FROM closed_hours")).Should().Be(_readings.Count);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_store_from_before_there_were_hours_gets_them(string store)
    {
        var setting = await Setting(store);
        await using (var connection = Connect())
        {
            await connection.ExecuteAsync("CREATE TABLE schema_version (version integer PRIMARY KEY); INSERT INTO schema_version VALUES (1), (2)");
            foreach (var script in new[] { "001_readings.sql", "002_summaries.sql" })
            {
                using var text = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream($"{(store == "postgres" ? "Postgres" : "Sqlite")}/{script}")!);
                await connection.ExecuteAsync(await text.ReadToEndAsync());
            }

            await connection.ExecuteAsync("INSERT INTO signals (signal_id, name) VALUES (1, 'rpm')");
            foreach (var (at, value) in Some(2000, TimeSpan.FromDays(Days))) _readings.TryAdd(at, value);
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var (at, value) in _readings)
                await connection.ExecuteAsync("INSERT INTO readings VALUES (1, 1, @at, @value)", new { at = store == "postgres" ? at : (object)((at - DateTime.UnixEpoch).Ticks / 10), value }, transaction);
            await transaction.CommitAsync();
        }

        await using var server = await Server.Start(setting);
        await MustSayWhatTheReadingsSay(server);
    }

    [Fact]
    public async Task A_reading_on_its_way_while_its_hour_is_closed_is_in_it()
    {
        await using var server = await Server.Start(await Setting("postgres"));
        await server.Publish(("wican/rpm", "1")); // From now on the store knows the signal.
        await using var writer = new NpgsqlConnection(_database);
        await writer.OpenAsync();
        await Eventually.Holds("a reading is a row", async () => await writer.ExecuteScalarAsync<int>("SELECT count(*) FROM readings") == 1);
        await using var transaction = await writer.BeginTransactionAsync();
        await writer.ExecuteAsync("INSERT INTO readings SELECT 1, signal_id, now() + interval '1 hour', 2 FROM signals");
        var closing = server.Service<StoreMaintenance>().MaintainAsync(_now.AddHours(3));
        await using var watcher = new NpgsqlConnection(_database);
        await Eventually.Holds("the closing waits for the writer", async () =>
            await watcher.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'closed_until'::regclass AND NOT granted)"));
        await transaction.CommitAsync();
        await closing;
        (await watcher.ExecuteScalarAsync<int>("SELECT sum(readings) FROM closed_hours")).Should().Be(2);
    }
}
