using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Telemetry.Api.Forecasts;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Vehicles;
using Telemetry.Forecasts;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Forecasts;

/// <summary>Learning from the stored readings, and what clients get of it.</summary>
public sealed class ForecastServiceTests(PostgresServer postgres)
{
    static readonly DateTime Start = new(2026, 10, 1, 8, 0, 0, 500, DateTimeKind.Utc);

    async Task<string[]> Store(string store) => store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : [];

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Drives_are_learned_from_the_store_as_the_models_say(string store)
    {
        var trips = TripsOf("twizy", 4);
        await using var server = await Server.Start(await Store(store));
        await Import(server, trips, 0, 3);
        await server.HasLearned(3);
        (await State(server)).Should().Equal(Fold(trips.Take(3)));

        // A drive more, then one that was recorded before all others: all is learned anew, in the order of time.
        await Import(server, trips, 3, 1);
        await server.HasLearned(4);
        (await State(server)).Should().Equal(Fold(trips));
        await server.Import([.. Rows(trips[3], Start.AddDays(-1))]);
        await server.HasLearned(5);
        (await State(server)).Should().Equal(Fold([trips[3], .. trips]));
    }

    [Fact]
    public async Task A_server_that_was_ended_in_between_and_another_learn_the_same()
    {
        var trips = TripsOf("i3", 4);
        var database = await Store("postgres");
        await using (var first = await Server.Start(database))
        {
            await Import(first, trips, 0, 2);
            await first.HasLearned(1); // It may be about to learn the second one.
        }

        await using var second = await Server.Start(database);
        await second.HasLearned(2);
        await Import(second, trips, 2, 2);
        await second.HasLearned(4);

        (await State(second)).Should().Equal(Fold(trips));
    }

    [Fact]
    public async Task Forecasts_and_scores_are_shown_with_their_record()
    {
        var trips = TripsOf("twizy", 4);
        await using var server = await Server.Start();
        await Import(server, trips, 0, 4);
        await server.HasLearned(4);

        var scores = (await server.Http.GetFromJsonAsync<JsonElement>("/forecasts/scores?vehicle_id=1")).EnumerateArray().ToList();
        scores.Select(score => score.GetProperty("forecast").GetString()).Should().Equal("charge_voltage", "coolant_expected", "range", "warm_in");
        var range = scores[2];
        range.GetProperty("drives").GetInt32().Should().Be(4);
        range.GetProperty("scored").GetInt32().Should().BeGreaterThan(100);
        range.GetProperty("error").GetDouble().Should().BeInRange(0.1, 3);
        range.GetProperty("rival").GetString().Should().NotBeNull();
        scores[0].GetProperty("state").GetString().Should().Be("not_applicable");

        var forecasts = (await server.Http.GetFromJsonAsync<JsonElement>("/forecasts?vehicle_id=1")).EnumerateArray().ToList();
        forecasts.Should().HaveCount(4);
        forecasts[0].EnumerateObject().Select(property => property.Name).Should()
            .Equal("forecast", "state", "value", "low", "high", "confidence", "unit", "at", "needs", "basis");
        var parked = forecasts.Single(forecast => forecast.GetProperty("forecast").GetString() == "range");
        parked.GetProperty("value").GetDouble().Should().BeInRange(20, 70); // Of the last drive's level.
        (await server.Http.GetFromJsonAsync<JsonElement>("/forecasts/scores?vehicle_id=2")).GetArrayLength().Should().Be(0);
        using var unknown = await server.Http.GetAsync("/forecasts?vehicle_id=77");
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Points_and_expected_values_of_stored_drives_are_shown_and_a_chart_is_no_longer_than_a_day()
    {
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, 12).SelectMany(day => ColdStarts.Rows(day))]);
        await server.HasLearned(12);

        var points = (await server.Http.GetFromJsonAsync<JsonElement>("/forecasts/points?vehicle_id=1")).EnumerateArray().ToDictionary(entry => entry.GetProperty("forecast").GetString()!);
        points.Keys.Should().Equal("warm_in", "coolant_expected");
        var models = ColdStarts.Learned(12).Points();
        points["warm_in"].GetProperty("unit").GetString().Should().Be("min");
        points["warm_in"].GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).Should().Equal(models[0].Points.Select(point => Math.Round(point.Forecast, 3)));
        points["warm_in"].GetProperty("truths").EnumerateArray().Select(value => value.GetDouble()).Should().Equal(models[0].Points.Select(point => Math.Round(point.Truth, 3)));

        // The last drive, from what was known before it.
        var start = ColdStarts.Start.AddDays(11);
        var expected = new Dictionary<int, double>();
        ColdStarts.Drive(ColdStarts.Learned(11), 11, onRow: (forecaster, row) => expected[(int)row.Seconds] = forecaster.Forecasts().Single(forecast => forecast.Name == "coolant_expected").Value ?? double.NaN);
        var chart = await server.Http.GetFromJsonAsync<JsonElement>($"/forecasts/history?vehicle_id=1&from={start:yyyy-MM-ddTHH:mm:ssZ}&to={start.AddMinutes(10):yyyy-MM-ddTHH:mm:ssZ}&points=10");
        chart.GetProperty("bucket_seconds").GetDouble().Should().Be(60);
        chart.GetProperty("time").EnumerateArray().First().GetDouble().Should().Be((start - DateTime.UnixEpoch).TotalSeconds);
        var values = chart.GetProperty("forecasts").GetProperty("coolant_expected").GetProperty("value").EnumerateArray().Select(value => value.GetDouble()).ToList();
        values.Should().HaveCount(10);
        for (var i = 0; i < 10; i++) values[i].Should().BeApproximately(expected[60 * i + 57], 0.3, $"of minute {i}");
        chart.GetProperty("forecasts").TryGetProperty("charge_voltage", out _).Should().BeFalse();

        using var tooLong = await server.Http.GetAsync("/forecasts/history?vehicle_id=1&from=2026-10-01&to=2026-10-03");
        tooLong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await tooLong.Content.ReadAsStringAsync()).Should().Contain("24 hours");
    }

    [Fact]
    public async Task A_vehicle_without_history_says_what_it_lacks()
    {
        await using var server = await Server.Start();

        var forecasts = (await server.Http.GetFromJsonAsync<JsonElement>("/forecasts")).EnumerateArray().ToList();

        forecasts.Should().OnlyContain(forecast => forecast.GetProperty("state").GetString() == "not_applicable" && forecast.GetProperty("value").ValueKind == JsonValueKind.Null);
        forecasts.Should().OnlyContain(forecast => forecast.GetProperty("needs").GetString()!.Length > 0);
    }

    [Fact]
    public async Task Messages_of_forecasts_are_opt_in()
    {
        await using var server = await Server.Start();
        await using var asking = await server.Listen("forecasts=true&vehicle_id=1");
        await using var other = await server.Listen("vehicle_id=1");
        await using var car = await Car.Connect(server.BrokerPort);
        var heard = new List<string>();
        await Eventually.Holds("a forecast comes", async () =>
        {
            await car.Publish("wican/soc", "64.5");
            await car.Publish("wican/vehicle_speed", "50");
            heard.AddRange(asking.Heard());
            return heard.Exists(IsForecast);
        });

        var message = JsonDocument.Parse(heard.First(IsForecast)).RootElement;
        message.EnumerateObject().Select(property => property.Name).Should().Equal("type", "data", "timestamp");
        message.GetProperty("data").GetProperty("vehicle_id").GetInt32().Should().Be(1);
        message.GetProperty("data").GetProperty("range").GetProperty("state").GetString().Should().Be("learning");
        other.Heard().Should().NotBeEmpty().And.NotContain(text => text.Contains("forecast", StringComparison.Ordinal));

        static bool IsForecast(string text) => text.StartsWith("{\"type\":\"forecast\"", StringComparison.Ordinal) && text.Contains("range", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_playback_shows_the_forecasts_of_what_was_known_then()
    {
        var trips = TripsOf("twizy", 3);
        await using var server = await Server.Start();
        await Import(server, trips, 0, 3);
        await server.HasLearned(3);

        foreach (var (drive, state) in new[] { (0, "learning"), (2, "naive") })
        {
            var start = Start.AddDays(drive);
            await using var viewer = await server.Play($"vehicle_id=1&from={start:yyyy-MM-ddTHH:mm:ssZ}&to={start.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}&speed=60&forecasts=true");
            var message = JsonDocument.Parse(await viewer.Next("a forecast", text => text.StartsWith("{\"type\":\"forecast\"", StringComparison.Ordinal))).RootElement;
            message.GetProperty("data").GetProperty("range").GetProperty("state").GetString().Should().BeOneOf(state, "ok");
            message.GetProperty("timestamp").GetDateTime().Should().BeAfter(start.AddSeconds(-1)).And.BeBefore(start.AddHours(1));
        }
    }

    static Task Import(Server server, List<Trip> trips, int first, int count) =>
        server.Import([.. Enumerable.Range(first, count).SelectMany(i => Rows(trips[i], Start.AddDays(i)))]);

    static IEnumerable<(DateTime, string, string, double)> Rows(Trip trip, DateTime start) => trip.Readings.Select(reading =>
        (start.AddMicroseconds(Math.Round(reading.Seconds * 1e6)), "default", NameOf(reading.Input), reading.Value));

    static string NameOf(ForecastInput input) => input switch
    {
        ForecastInput.Charge => "soc",
        ForecastInput.Speed => "vehicle_speed",
        ForecastInput.Ambient => "ambient_air_temperature",
        _ => throw new ArgumentOutOfRangeException(nameof(input)),
    };

    // In whole seconds from the first reading, as the store has them.
    static byte[] Fold(IEnumerable<Trip> trips)
    {
        var models = new VehicleModels();
        foreach (var trip in trips)
        {
            var forecaster = new DriveForecaster(models);
            trip.Replay(forecaster.Add);
            models = forecaster.Learn();
        }

        return models.Write();
    }

    static async Task<byte[]> State(Server server) =>
        (await server.Service<ForecastStore>().LoadAsync(server.Service<VehicleRegistry>().Default, CancellationToken.None)).Learned.Models.Write();

    static List<Trip> TripsOf(string car, int count) => [.. Trips.Read(Require.Trips(), 5).Single(trips => trips.Car == car).Trips.Take(count)];
}
