using Telemetry.Core.Forecasts;
using Telemetry.Forecasts;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Forecasts;

/// <summary>Forecasts on recordings of real cars.</summary>
public class RecordedTripsTests
{
    static readonly Lazy<Dictionary<string, IReadOnlyList<Trip>>> Cars = new(() => Trips.Read(Require.Trips(), 0).ToDictionary(car => car.Car, car => car.Trips));

    [Theory]
    [InlineData("leon", 12)]
    [InlineData("i3", 36)]
    [InlineData("twizy", 10)]
    public void The_same_history_makes_the_same_models_to_the_bit(string car, int drives)
    {
        var trips = TripsOf(car).Take(drives).ToList();
        var inOneGo = new VehicleModels();
        byte[] state = new VehicleModels().Write();
        foreach (var trip in trips)
        {
            inOneGo = Drive(trip, inOneGo).Learn();

            // Drive by drive, each with what was kept after the last; a learner that was killed begins the drive again.
            var kept = VehicleModels.Read(state)!;
            Drive(trip, kept);
            state = Drive(trip, kept).Learn().Write();
        }

        state.Should().Equal(inOneGo.Write());
        state.Length.Should().BeLessThanOrEqualTo(VehicleModels.MaxBytes);
    }

    [Fact]
    public void The_order_of_readings_of_one_instant_changes_nothing()
    {
        var trip = TripsOf("i3")[0];
        var turned = trip with { Readings = [.. trip.Readings.GroupBy(reading => reading.Seconds).SelectMany(instant => instant.Reverse())] };

        Drive(turned, new VehicleModels()).Learn().Write().Should().Equal(Drive(trip, new VehicleModels()).Learn().Write());
    }

    [Fact]
    public void State_of_another_version_is_learned_anew()
    {
        var state = new VehicleModels().Write();
        state[0]++;

        VehicleModels.Read(state).Should().BeNull();
        VehicleModels.Read([]).Should().BeNull();
    }

    [Fact]
    public void A_diesels_warm_ups_are_forecast_better_than_by_its_own_mean_and_a_faulty_thermostat_is_found()
    {
        var trips = TripsOf("leon");
        var models = new VehicleModels();
        foreach (var trip in trips.Take(27)) models = Drive(trip, models).Learn();

        var healthy = Drive(trips[29], models);
        var foundAt = double.NaN;
        var faulty = new DriveForecaster(models);
        trips[29].Replay(row =>
        {
            var recorded = row[ForecastInput.Coolant];
            var start = faulty.State.StartCoolant;
            if (!double.IsNaN(recorded) && !double.IsNaN(start)) row.Replace(ForecastInput.Coolant, start + 0.65 * (recorded - start));
            faulty.Add(row);
            if (!double.IsNaN(recorded)) row.Replace(ForecastInput.Coolant, recorded);
            if (double.IsNaN(foundAt) && faulty.Cooling.IsBelow) foundAt = faulty.State.RunSeconds / 60;
        });

        models.WarmUp.Sheet.Count.Should().BeGreaterThan(30);
        models.WarmUp.Sheet.IsNaive.Should().BeFalse();
        models.WarmUp.Sheet.Coverage.Should().BeInRange(0.7, 0.98);
        healthy.Cooling.HasAlarm.Should().BeFalse();
        foundAt.Should().BeInRange(1, 15);
    }

    [Fact]
    public void Where_the_own_mean_is_better_the_value_is_the_rivals()
    {
        var models = new VehicleModels();
        foreach (var trip in TripsOf("twizy").SkipLast(1)) models = Drive(trip, models).Learn();

        var forecast = Drive(TripsOf("twizy")[^1], models).Forecasts().Single(forecast => forecast.Name == "range");

        forecast.State.Should().Be(ForecastState.Naive);
        forecast.Basis.RivalError.Should().BeLessThan(forecast.Basis.Error!.Value);
        var rivals = new[] { "own mean", "last drive" };
        rivals.Should().Contain(forecast.Basis.Rival);
    }

    [Fact]
    public void An_electric_cars_range_beats_its_rivals_through_the_winter()
    {
        var models = new VehicleModels();
        foreach (var trip in TripsOf("i3")) models = Drive(trip, models).Learn();

        models.Charge.Sheet.IsNaive.Should().BeFalse();
        models.Charge.Sheet.Coverage.Should().BeInRange(0.8, 0.98);
        models.Charge.Sheet.Error.Should().BeLessThan(2.4, "the speed of the drive so far is known");
        models.Charge.Before(0).Should().BeGreaterThan(models.Charge.Before(20) * 1.2);
        Drive(TripsOf("i3")[0], models).Forecasts().Where(forecast => forecast.Name != "range").Should()
            .OnlyContain(forecast => forecast.State == ForecastState.NotApplicable && forecast.Value == null);
    }

    [Fact]
    public void Each_drive_leaves_a_state_of_bounded_size_and_forecasts_that_are_numbers()
    {
        var models = new VehicleModels();
        foreach (var trip in TripsOf("leon").Take(5))
        {
            var forecaster = new DriveForecaster(models);
            trip.Replay(row =>
            {
                forecaster.Add(row);
                if (row.Seconds % 10 == 0) forecaster.Forecasts().Should().OnlyContain(forecast => IsNumber(forecast.Value) && IsNumber(forecast.Low) && IsNumber(forecast.High));
            });
            models = forecaster.Learn();
            models.Write().Length.Should().BeLessThanOrEqualTo(VehicleModels.MaxBytes);
        }
    }

    static bool IsNumber(double? value) => value is null || double.IsFinite(value.Value);

    static IReadOnlyList<Trip> TripsOf(string car)
    {
        Require.Trips();
        return Cars.Value[car];
    }

    static DriveForecaster Drive(Trip trip, VehicleModels models)
    {
        var forecaster = new DriveForecaster(models);
        trip.Replay(forecaster.Add);
        return forecaster;
    }
}
