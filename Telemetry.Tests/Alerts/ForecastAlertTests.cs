using System.Globalization;
using System.Net;
using System.Reactive.Subjects;
using System.Text;
using System.Text.Json;
using Telemetry.Core.Alerts;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Forecasts;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Rules on forecasts: on virtual time, over stored drives, and live.</summary>
public sealed class ForecastAlertTests(PostgresServer postgres)
{
    const string Cold = """{"name":"cold","when":[{"signal":"forecast.coolant_residual","below":-10,"clear":-5}],"for":60}""";

    static readonly DateTime Start = ColdStarts.Start;

    [Fact]
    public void A_rule_on_a_forecast_waits_fires_and_ends_as_one_on_a_signal()
    {
        var marbles = new Marbles();
        var vehicles = new VehicleRegistry();
        using var forecasts = new Subject<ForecastReadings>();
        using var rules = new BehaviorSubject<IReadOnlyList<AlertRule>>([Read(Cold)]);
        using var graph = new LiveGraph(new Pacing(TimeSpan.Zero, new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60))), marbles.Scheduler, alerts: new AlertInput(rules, Forecasts: forecasts));
        var changes = new List<string>();
        graph.Alerts.Subscribe(alert => changes.Add(string.Create(CultureInfo.InvariantCulture, $"{marbles.Now / 1000}: {alert.Vehicle.Id} {alert.Change} {alert.Value} {alert.Peak}")));

        void Second(int second, double residual)
        {
            marbles.RunTo(second * 1000);
            graph.Publish(new Arrival(vehicles.Default, [new Reading(Signal.Rpm, 900 + second % 2, Marbles.Time(second * 1000))]));
            forecasts.OnNext(new ForecastReadings(vehicles.Default, new ForecastValues(residual, 0, double.NaN, double.NaN)));
            forecasts.OnNext(new ForecastReadings(vehicles.Of("of-another-graph"), new ForecastValues(-50, 0, 0, 0)));
        }

        for (var second = 0; second < 30; second++) Second(second, -12);
        Second(30, -9); // The wait begins again.
        for (var second = 31; second < 100; second++) Second(second, second < 95 ? -12 : -14);
        for (var second = 100; second < 110; second++) Second(second, double.NaN); // Not known: it lasts.
        Second(110, -7);
        Second(111, -4);

        changes.Should().Equal("30: 1 Waited  ", "91: 1 Fired -12 -12", "111: 1 Cleared -12 -14");
    }

    [Theory]
    [InlineData("""{"signal":"forecast.range_km","falls":5,"within":60}""", "forecast")]
    [InlineData("""{"signal":"forecast.coolant_step","steady":true}""", "forecast")]
    [InlineData("""{"signal":"forecast.mood","above":5}""", "name of a signal")]
    public void Only_thresholds_may_be_on_forecasts(string condition, string problem)
    {
        var read = () => Read($$"""{"name":"r","when":[{{condition}}]}""");

        read.Should().Throw<AlertRuleException>().Which.Message.Should().Contain(problem);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_backtest_and_a_playback_have_the_forecasts_of_each_moment(string store)
    {
        await using var server = await Server.Start(store == "postgres" ? [$"ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        await server.Import([.. Enumerable.Range(0, 18).SelectMany(day => ColdStarts.Rows(day, day == 17 ? 0.6 : 1))]);
        var id = server.Service<VehicleRegistry>().Default.Id;
        var models = ColdStarts.Learned(17);
        models.Limits.CoolantShortfall.Should().NotBeNull();
        var foundAt = FoundAt(models, -10);

        // In the whole time, in the faulty drive alone, and in the healthy ones; the first of them has no limits of its own yet.
        var all = await server.Backtest(Cold, id, Start, Start.AddDays(18));
        (await server.Backtest(Cold, id, Start.AddDays(16.9), Start.AddDays(18))).GetRawText().Should().Contain(all.GetProperty("alerts")[0].GetRawText());
        (await server.Backtest(Cold, id, Start, Start.AddDays(16.9))).GetProperty("fired").GetInt32().Should().Be(0);
        all.GetProperty("fired").GetInt32().Should().Be(1);
        all.GetProperty("lowest").GetDouble().Should().BeLessThan(-10);
        var fired = DateTime.Parse(all.GetProperty("alerts")[0].GetProperty("fired_at").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        fired.Should().BeCloseTo(Start.AddDays(17).AddSeconds(foundAt), TimeSpan.FromSeconds(2), "the residual was below -10 for 60 s then");

        // The rule is in force: a playback shows the alert.
        using var made = await server.Http.PostAsync("/alerts/rules", Json(Cold));
        made.StatusCode.Should().Be(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var from = Start.AddDays(17);
        await using var viewer = await server.Play($"vehicle_id=1&from={from:yyyy-MM-ddTHH:mm:ssZ}&to={from.AddMinutes(20):yyyy-MM-ddTHH:mm:ssZ}&speed=60&alerts=true");
        (await viewer.Next("the alert", text => text.Contains("\"type\":\"alert\"", StringComparison.Ordinal))).Should().Contain("forecast.coolant_residual");

        await server.HasLearned(17);
        var presets = JsonDocument.Parse(await server.Http.GetStringAsync("/alerts/presets?vehicle_id=1")).RootElement.EnumerateArray().ToDictionary(preset => preset.GetProperty("key").GetString()!);
        presets.Should().ContainKeys("coolant_below_expected", "coolant_sensor_jumps").And.NotContainKey("range_low");
        presets["coolant_below_expected"].GetProperty("rule").GetProperty("when")[0].GetProperty("below").GetDouble().Should().BeApproximately(-models.Limits.CoolantShortfall!.Value, 3);
        foreach (var preset in presets.Values) Read(preset.GetProperty("rule").GetRawText());
    }

    [Fact]
    public async Task A_live_drive_is_judged_by_its_forecasts()
    {
        await using var server = await Server.Start("Alerts:Settle=00:00:00");
        await server.Import([.. Enumerable.Range(0, 3).SelectMany(day => Charge(Start.AddDays(day)))]);
        await server.HasLearned(3);
        using var made = await server.Http.PostAsync("/alerts/rules", Json("""{"name":"empty soon","when":[{"signal":"forecast.range_km","below":60}]}"""));
        made.StatusCode.Should().Be(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        await using var car = await Car.Connect(server.BrokerPort);

        var alerts = "";
        await Eventually.Holds("the alert fires", async () =>
        {
            await car.Publish("wican/soc", "20"); // 40 km by the drives before.
            await car.Publish("wican/vehicle_speed", "50");
            alerts = await server.Http.GetStringAsync("/alerts");
            return alerts.Contains("empty soon", StringComparison.Ordinal);
        });

        var alert = JsonDocument.Parse(alerts).RootElement.EnumerateArray().Single();
        alert.GetProperty("signal").GetString().Should().Be("forecast.range_km");
        alert.GetProperty("unit").GetString().Should().Be("km");
        alert.GetProperty("value").GetDouble().Should().BeInRange(15, 45);
    }

    static AlertRule Read(string json) => new AlertRuleReader(new SignalCatalog()).Read(JsonDocument.Parse(json).RootElement, 1, 1);

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    // The second in which the residual has been below a limit for a minute.
    static double FoundAt(VehicleModels models, double limit)
    {
        var (foundAt, since) = (double.NaN, double.NaN);
        ColdStarts.Drive(models, 17, 0.6, (forecaster, row) =>
        {
            since = forecaster.Values.CoolantResidual < limit ? double.IsNaN(since) ? row.Seconds : since : double.NaN;
            if (double.IsNaN(foundAt) && row.Seconds - since >= 60) foundAt = row.Seconds;
        });
        return foundAt;
    }

    static IEnumerable<(DateTime, string, string, double)> Charge(DateTime start)
    {
        for (var second = 0; second < 1200; second += 5)
        {
            yield return (start.AddSeconds(second), "default", "vehicle_speed", 60);
            yield return (start.AddSeconds(second), "default", "soc", 80 - second / 120.0);
            yield return (start.AddSeconds(second), "default", "ambient_air_temperature", 20);
        }
    }
}
