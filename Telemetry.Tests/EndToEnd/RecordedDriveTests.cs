using System.Globalization;
using Dapper;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>Everything real at once: Mosquitto, the server, PostgreSQL, Chromium, and a drive that somebody drove.</summary>
public class RecordedDriveTests(Browser browser, PostgresServer postgres)
{
    const int Readings = 1500;

    [Fact]
    public async Task A_recorded_drive_moves_the_page_and_is_in_the_store_whole()
    {
        var lines = File.ReadLines(Require.Drive("etios_commute_dropouts.csv")).Skip(1).Take(Readings).Select(line => line.Split(','));
        var drive = lines.Select(fields => (Signal: fields[1], Payload: fields[2], Value: double.Parse(fields[2], CultureInfo.InvariantCulture))).ToList();
        await using var broker = await Mosquitto.Start();
        var store = await postgres.CreateDatabase();
        await using var server = await Server.Start("Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", $"ConnectionStrings:Telemetry={store}");
        await server.BrokerIs("healthy");
        await using var tab = await browser.Open(server);
        await tab.Shows(Places.Link, "Connected");

        await using var car = await Car.Connect(broker.Port);
        foreach (var stretch in drive.Chunk(Readings / 15))
        {
            foreach (var (signal, payload, _) in stretch) await car.Publish($"wican/{signal}", payload);
            await tab.Shows(Places.State, "Running");
            await ShowsLast(stretch, "vehicle_speed", "0 km/h");
            await ShowsLast(stretch, "rpm", "0 rpm");
            await ShowsLast(stretch, "coolant_temperature", "0 °C");
            await ShowsLast(stretch, "control_module_voltage", "0.0 V");
            await ShowsLast(stretch, "engine_load", "0.0 '%'");
        }

        tab.Errors.Should().BeEmpty();

        var rows = new List<(string Signal, double Value)>();
        await Eventually.Holds($"PostgreSQL holds {Readings} readings", async () => (rows = await Rows(store)).Count >= Readings);
        rows.Should().HaveCount(Readings);
        foreach (var signal in drive.GroupBy(sample => sample.Signal))
            rows.Where(row => row.Signal == signal.Key).Select(row => row.Value).Should().Equal(signal.Select(sample => sample.Value), signal.Key);

        Task ShowsLast((string Signal, string Payload, double Value)[] stretch, string signal, string format) =>
            tab.Shows(Places.Card(signal), stretch.Last(sample => sample.Signal == signal).Value.ToString(format, CultureInfo.InvariantCulture));
    }

    static async Task<List<(string Signal, double Value)>> Rows(string store)
    {
        await using var connection = new NpgsqlConnection(store);
        return [.. await connection.QueryAsync<(string, double)>(
            "SELECT s.name, r.value FROM readings r JOIN signals s ON s.signal_id = r.signal_id WHERE r.vehicle_id = 1 ORDER BY s.name, r.recorded_at")];
    }
}
