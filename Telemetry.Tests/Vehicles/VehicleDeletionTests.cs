using System.Net;
using Microsoft.Data.Sqlite;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

/// <summary>A deleted vehicle leaves nothing in the store and in the spool; its dongle begins a new one.</summary>
public sealed class VehicleDeletionTests(PostgresServer postgres) : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    async Task<Server> Start(string store, string? setting = null) => await Server.Start(
        setting ?? (store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"), $"History:SpoolPath={_folder["spool.db"]}");

    static async Task Deleted(Server server, int id) => await Eventually.Holds("the store is there to be changed", async () =>
    {
        using var answer = await server.Delete(id);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return false; // A busy machine's store is away for a moment.
        answer.StatusCode.Should().Be(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync());
        return true;
    }, TimeSpan.FromSeconds(60));

    static async Task<int> Rows(Server server, int id)
    {
        using var answer = await server.Http.GetAsync($"/telemetry/export?vehicle_id={id}&from={DateTime.UtcNow.AddDays(-7):yyyy-MM-dd}T00:00:00Z");
        return answer.StatusCode == HttpStatusCode.NotFound ? -1 : (await answer.Content.ReadAsStringAsync()).Split('\n').Length - 2;
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task All_its_data_is_gone_and_its_dongle_becomes_a_new_vehicle(string store)
    {
        var setting = store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";
        await using (var server = await Start(store, setting))
        {
            await server.Publish(("wican/van/rpm", "1000"), ("wican/bus/rpm", "2000"), ("wican/rpm", "3000"));
            await server.Import((DateTime.UtcNow.AddDays(-3), "van", "soc", 50));
            await Eventually.Holds("all is stored", async () => await Rows(server, 2) == 2 && await Rows(server, 3) == 1 && await Rows(server, 1) == 1);
            await using var listener = await server.Listen("?vehicles=true");
            await Deleted(server, 2);
            (await server.Vehicles()).Should().Be("1 default, 3 bus");
            (await Rows(server, 2)).Should().Be(-1);
            (await Rows(server, 3)).Should().Be(1);
            await listener.Next("the news for pages", text => text == """{"type":"vehicles_changed"}""");

            await server.Publish(("wican/van/rpm", "1001"));
            (await server.Vehicles()).Should().Be("1 default, 3 bus, 4 van");
            await Eventually.Holds("the new one is stored", async () => await Rows(server, 4) == 1);

            // Vehicle 1 always exists; its data does not.
            await server.Patch(1, """{"name":"Bike"}""");
            await Deleted(server, 1);
            (await server.Latest(1)).Should().Contain("\"rpm\":null").And.Contain("offline");
            (await Rows(server, 1)).Should().Be(0);
            (await server.Vehicles()).Should().Be("1 default, 3 bus, 4 van");
            await server.Publish(("wican/rpm", "3001"));
            await Eventually.Holds("it is heard anew", async () => (await server.Latest(1)).Contains("\"rpm\":3001") && await Rows(server, 1) == 1);
        }

        await using var again = await Start(store, setting);
        await again.StoreIs("direct");
        (await again.Vehicles()).Should().Be("1 default, 3 bus, 4 van");
        (await Rows(again, 4)).Should().Be(1);
        using var missing = await again.Delete(2);
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);
        await using var spool = new SqliteConnection($"Data Source={_folder["spool.db"]};Mode=ReadOnly");
        spool.Open();
        using var command = spool.CreateCommand();
        command.CommandText = "SELECT count(*) FROM vehicles WHERE vehicle_id = 2";
        command.ExecuteScalar().Should().Be(0L);
    }

    [Fact]
    public async Task Deletion_needs_access_to_all_vehicles_and_the_own_origin()
    {
        await using var server = await Server.Start(Jwt.On);
        await server.Publish(("wican/van/rpm", "1000"));
        (await Status(Jwt.Token(vehicles: "[2]"))).Should().Be(HttpStatusCode.Forbidden);
        (await Status(null)).Should().Be(HttpStatusCode.Unauthorized);
        (await Status(Jwt.Token(), origin: "http://evil.example")).Should().Be(HttpStatusCode.Forbidden);
        (await Status(Jwt.Token())).Should().Be(HttpStatusCode.NoContent);

        async Task<HttpStatusCode> Status(string? token, string? origin = null)
        {
            using var answer = await server.Delete(2, token, origin);
            return answer.StatusCode;
        }
    }
}
