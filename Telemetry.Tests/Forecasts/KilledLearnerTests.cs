using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Forecasts;

/// <summary>The program killed while it learns, on both stores.</summary>
public sealed class KilledLearnerTests(PostgresServer postgres) : IDisposable
{
    const int Days = 24;

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Drives_learned_in_one_go_drive_by_drive_and_with_kills_in_between_make_the_same_models_to_the_bit(string store)
    {
        var database = store == "postgres" ? await postgres.CreateDatabase() : "";
        string[] setting = store == "postgres" ? [$"--ConnectionStrings:Telemetry={database}"] : [];
        var known = -1;
        var isKilledAmidst = false;
        for (var kill = 0; known < Days; kill++)
        {
            var port = Ports.Free();
            using var server = ServerProcess.Start(_folder, null, ["--urls", $"http://127.0.0.1:{port}", .. setting]);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Eventually.Holds("it answers", () => Answers(http), TimeSpan.FromSeconds(60));
            if (kill == 0) await http.Import(Enumerable.Range(0, Days).SelectMany(day => ColdStarts.Rows(day)));

            // From the first drive on, some more with each run; the last run learns them all.
            var enough = kill < 4 ? Math.Min(known + 1 + kill * 3, Days) : Days;
            await Eventually.Holds($"{enough} drives are learned", async () => (known = await Drives(http)) >= enough, TimeSpan.FromSeconds(60));
            await server.Kill();
            known = (int)(await Kept(store, database)).Drives;
            isKilledAmidst |= known is > 0 and < Days;
        }

        isKilledAmidst.Should().BeTrue("a kill came when some drives were learned and others were not");
        var (drives, state) = await Kept(store, database);
        drives.Should().Be(Days);
        state.Should().Equal(ColdStarts.Learned(Days).Write());
    }

    static async Task<bool> Answers(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static async Task<int> Drives(HttpClient http)
    {
        var scores = (await http.GetFromJsonAsync<JsonElement>("/forecasts/scores?vehicle_id=1")).EnumerateArray().ToList();
        return scores.Count == 0 ? 0 : scores.Single(score => score.GetProperty("forecast").GetString() == "coolant_expected").GetProperty("drives").GetInt32();
    }

    async Task<(long Drives, byte[] State)> Kept(string store, string database)
    {
        await using DbConnection connection = store == "postgres" ? new NpgsqlConnection(database) : new SqliteConnection($"Data Source={_folder["process.db"]};Mode=ReadOnly;Pooling=False");
        return (await connection.QueryAsync<(long, byte[])>("SELECT CAST(drives AS bigint), state FROM forecast_models")).FirstOrDefault();
    }
}
