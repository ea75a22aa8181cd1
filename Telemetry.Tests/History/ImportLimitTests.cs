using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Telemetry.Api.History;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Limits of an import: it neither fills the table of vehicles nor pushes live readings out of the spool.</summary>
public sealed class ImportLimitTests : IDisposable
{
    readonly PostgresServer _postgres = new();

    public void Dispose() => _postgres.Dispose();

    static async Task<(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)> Import(Server server, IEnumerable<string> rows)
    {
        using var answer = await server.Http.PostAsync("/telemetry/import", new StringContent("recorded_at,vehicle,signal,value\n" + string.Join('\n', rows), Encoding.UTF8, "text/csv"));
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Only_so_many_vehicles_a_minute_are_new()
    {
        await using var server = await Server.Start("Ingest:NewVehiclesPerMinute=5");
        var cars = Enumerable.Range(1, 6).Select(car => $"2026-11-01T10:00:00Z,car{car},rpm,{car}");
        var (status, body, retryAfter) = await Import(server, cars);
        status.Should().Be(HttpStatusCode.TooManyRequests);
        body.GetProperty("detail").GetString().Should().Contain("Line 7").And.Contain("Ingest:NewVehiclesPerMinute").And.Contain("Send the same file again: the 5 readings stored so far");
        retryAfter.Should().BePositive();
        (await Import(server, cars.Take(5))).Status.Should().Be(HttpStatusCode.OK, "these are known");
        (await Import(server, cars)).Status.Should().Be(HttpStatusCode.TooManyRequests, "a second request is within the same minute");
        (await server.Http.GetFromJsonAsync<JsonElement>("/vehicles")).EnumerateArray().Should().HaveCount(1 + 5);
    }

    [Fact]
    public async Task A_spool_is_for_live_readings_first()
    {
        var connectionString = await _postgres.CreateDatabase();
        await using var server = await Server.Start($"ConnectionStrings:Telemetry={connectionString};Timeout=2", "History:SpoolLimit=1048576");
        await server.StoreIs("direct");
        await _postgres.Crash();
        await server.Publish(("wican/rpm", "1"));
        await server.StoreIs("spooling");
        var start = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = Enumerable.Range(0, 100_000).Select(i => $"{start.AddSeconds(i).ToString("o", CultureInfo.InvariantCulture)},default,soc,{i % 100}").ToList();
        var (status, body, retryAfter) = await Import(server, rows);
        status.Should().Be(HttpStatusCode.ServiceUnavailable);
        body.GetProperty("detail").GetString().Should().Contain("store is unavailable").And.Contain("Send the same file again");
        retryAfter.Should().BePositive();
        (await server.Ready()).GetProperty("checks").GetProperty("store").GetProperty("dropped").GetInt64().Should().Be(0);
        await _postgres.Resume();
        await server.StoreIs("direct");
        // A slow store takes some of it by way of the spool, and when that is half full, the same file is to come again.
        await Eventually.Holds("the whole file is stored", async () => (await Import(server, rows)).Status == HttpStatusCode.OK, TimeSpan.FromMinutes(2));
        await server.StoreIs("direct");
        var exported = await server.Http.GetStringAsync("/telemetry/export?vehicle_id=1&from=2026-11-01T00:00:00Z");
        exported.Should().Contain("default,rpm,1\n");
        exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(1 + 100_000 + 1);
    }

    [Fact]
    public async Task Only_a_few_imports_run_at_once_and_live_readings_come_first()
    {
        await using var server = await Server.Start();
        using var endless = new EndlessFiles(server, ReadingsImport.AtOnce);
        await Eventually.Holds("more are told to come back", async () => (await Import(server, [])).Status == HttpStatusCode.ServiceUnavailable);
        var (_, body, retryAfter) = await Import(server, []);
        body.GetProperty("detail").GetString().Should().Contain("2 imports are in progress");
        retryAfter.Should().BePositive();
        await server.Publish(("wican/rpm", "1"));
        endless.Dispose();
        await Eventually.Holds("their turns are free", async () => (await Import(server, [])).Status == HttpStatusCode.OK);
    }

    /// <summary>Imports that have begun and do not end.</summary>
    sealed class EndlessFiles : IDisposable
    {
        readonly List<TcpClient> _clients = [];

        public EndlessFiles(Server server, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var client = new TcpClient(server.Address.Host, server.Address.Port);
                client.GetStream().Write(Encoding.ASCII.GetBytes($"POST /telemetry/import HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 1000000\r\n\r\nrecorded_at,vehicle,signal,value\n"));
                _clients.Add(client);
            }
        }

        public void Dispose() => _clients.ForEach(client => client.Dispose());
    }
}
