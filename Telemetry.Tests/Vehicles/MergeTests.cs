using System.Net;
using System.Text;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Vehicles;

/// <summary>Merges that meet, and what is left of a merged vehicle: its key and its id.</summary>
public sealed class MergeTests(PostgresServer postgres) : IDisposable
{
    readonly TempFolder _folder = new();
    string? _setting;

    public void Dispose() => _folder.Dispose();

    async Task<Server> Start(string store)
    {
        _setting ??= store == "sqlite" ? $"History:SqlitePath={_folder["history.db"]}" : $"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}";
        var server = await Server.Start(_setting, $"History:SpoolPath={_folder["spool.db"]}");
        await server.StoreIs("direct");
        return server;
    }

    static async Task<HttpStatusCode> Merge(Server server, int id, int into)
    {
        using var answer = await server.Patch(id, $$"""{"merge_into":{{into}}}""");
        return answer.StatusCode;
    }

    static async Task<string> Values(Server server, int id)
    {
        var csv = await server.Http.GetStringAsync($"/telemetry/export?vehicle_id={id}&from=2026-01-01");
        return string.Join(' ', csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')[3]));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Of_merges_that_meet_one_wins_and_no_reading_is_orphaned(string store)
    {
        await using var server = await Start(store);
        for (var round = 0; round < 5; round++)
        {
            var first = 2 + 3 * round;
            await server.Publish(($"wican/a{round}/rpm", "1"), ($"wican/b{round}/rpm", "2"), ($"wican/c{round}/rpm", "3"));
            await Eventually.Holds("all are in the store", async () => await Values(server, first + 2) == "3");
            var answers = await Task.WhenAll(Merge(server, first, first + 1), Merge(server, first + 1, first), Merge(server, first + 1, first + 2), Merge(server, first + 2, first), Merge(server, first, first + 2));
            // A request whose vehicle was gone before it looked is answered 404.
            answers.Should().OnlyContain(answer => answer == HttpStatusCode.OK || answer == HttpStatusCode.Conflict || answer == HttpStatusCode.NotFound);
            answers.Count(answer => answer == HttpStatusCode.OK).Should().BeInRange(1, 2, "each takes a vehicle away, and one stays");
            await server.Publish(($"wican/a{round}/rpm", "4"), ($"wican/b{round}/rpm", "5"), ($"wican/c{round}/rpm", "6"));
            await Eventually.Holds("every reading is of a vehicle that is there", async () =>
            {
                var there = (await server.Vehicles()).Split(", ").Select(row => int.Parse(row.Split(' ')[0])).Where(id => id >= first).ToList();
                there.Count.Should().Be(3 - answers.Count(answer => answer == HttpStatusCode.OK));
                var values = await Task.WhenAll(there.Select(id => Values(server, id)));
                return string.Join(' ', string.Join(' ', values).Split(' ').Order()) == "1 2 3 4 5 6";
            });
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task An_export_of_a_vehicle_that_was_merged_later_comes_back_into_the_one_it_went_into(string store)
    {
        const string Export = "recorded_at,vehicle,signal,value\n2026-01-05T10:00:00Z,d1,rpm,1234\n";
        await using (var server = await Start(store))
        {
            await server.Publish(("wican/d1/rpm", "1"), ("wican/d2/rpm", "2"), ("wican/d9/rpm", "9"));
            await Eventually.Holds("all are in the store", async () => await Values(server, 4) == "9");
            (await server.Patch(3, """{"device":"d1"}""")).StatusCode.Should().Be(HttpStatusCode.OK);
            (await Merge(server, 2, 4)).Should().Be(HttpStatusCode.OK);
            await Import(server, Export);
            (await Values(server, 4)).Should().Be("1234 1 9");
        }

        await using var again = await Start(store);
        await Import(again, Export.Replace("1234", "1235").Replace("10:00:00", "10:00:01"));
        (await Values(again, 4)).Should().Be("1234 1235 1 9");
        (await Values(again, 3)).Should().Be("2");

        // The other one in its turn, and the dongle to a new car.
        (await Merge(again, 4, 3)).Should().Be(HttpStatusCode.OK);
        (await again.Patch(3, """{"device":null}""")).StatusCode.Should().Be(HttpStatusCode.OK);
        await again.Publish(("wican/d1/rpm", "5"));
        await Import(again, Export.Replace("1234", "1236").Replace("10:00:00", "10:00:02"));
        (await Values(again, 3)).Should().Be("1234 1235 1236 1 2 9");
        (await Values(again, 5)).Should().Be("5");

        static async Task Import(Server server, string csv)
        {
            using var answer = await server.Http.PostAsync("/telemetry/import", new StringContent(csv, Encoding.UTF8, "text/csv"));
            answer.EnsureSuccessStatusCode();
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task The_id_of_the_newest_is_not_given_again_after_it_was_merged_away_and_a_restart(string store)
    {
        await using (var server = await Start(store))
        {
            await server.Publish(("wican/d1/rpm", "1"), ("wican/d2/rpm", "2"));
            await Eventually.Holds("all are in the store", async () => await Values(server, 3) == "2");
            (await Merge(server, 3, 2)).Should().Be(HttpStatusCode.OK);
        }

        await using (var again = await Start(store))
        {
            await again.Publish(("wican/d3/rpm", "3"));
            (await again.Vehicles()).Should().Be("1 default, 2 d2, 4 d3");
            await Eventually.Holds("it is in the store", async () => await Values(again, 4) == "3");
            (await Merge(again, 4, 2)).Should().Be(HttpStatusCode.OK);
        }

        // Without its spool the server knows it from the store.
        foreach (var file in Directory.GetFiles(_folder.Path, "spool.*")) File.Delete(file);
        await using var last = await Start(store);
        await last.Publish(("wican/d4/rpm", "4"));
        (await last.Vehicles()).Should().Be("1 default, 2 d3, 5 d4");
    }
}
