using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Drives;

/// <summary>Sums of a drive, computed by hand.</summary>
public sealed class TripMeterTests
{
    static TripSums Sums(double duration, params (double Second, TripInput Input, double Value)[] readings)
    {
        var meter = new TripMeter(TimeSpan.FromSeconds(10));
        foreach (var (second, input, value) in readings.OrderBy(reading => reading.Second)) meter.Add((long)(second * 1e6), input, value);
        return meter.Sums(TimeSpan.FromSeconds(duration));
    }

    static (double, TripInput, double)[] Every10(TripInput input, params double[] values) => [.. values.Select((value, i) => (i * 10.0, input, value))];

    [Fact]
    public void Distance_is_the_area_under_the_speed_and_standing_with_a_running_engine_is_idling()
    {
        var sums = Sums(50, [.. Every10(TripInput.Rpm, 800, 800, 1500, 2000, 2000, 800), .. Every10(TripInput.Speed, 0, 0, 36, 72, 72, 0)]);
        sums.Kilometres.Should().BeApproximately(0.05 + 0.15 + 0.2 + 0.1, 1e-9);
        sums.MaxSpeed.Should().Be(72);
        sums.MovingSeconds.Should().Be(40);
        sums.StandingSeconds.Should().Be(10);
        sums.IdlingSeconds.Should().Be(10);
        sums.AverageSpeed.Should().BeApproximately(36, 1e-9);
        sums.EngineStarts.Should().Be(1);
    }

    [Fact]
    public void A_stopped_engine_does_not_idle_and_each_of_its_starts_counts()
    {
        var sums = Sums(40, [.. Every10(TripInput.Rpm, 0, 900, 0, 0, 900), .. Every10(TripInput.Speed, 0, 0, 0, 0, 0)]);
        sums.EngineStarts.Should().Be(2);
        sums.StandingSeconds.Should().Be(40);
        sums.IdlingSeconds.Should().Be(20);
        sums.AverageSpeed.Should().Be(0);
    }

    [Fact]
    public void Nothing_is_added_across_a_silence_longer_than_the_step()
    {
        var sums = Sums(30, (0, TripInput.Speed, 36), (10, TripInput.Speed, 36), (20.000001, TripInput.Speed, 36), (30, TripInput.Speed, 36));
        sums.MovingSeconds.Should().BeApproximately(10 + 9.999999, 1e-9);
        sums.Kilometres.Should().BeApproximately(0.19999999, 1e-9);
    }

    [Fact]
    public void Without_a_speed_there_is_no_distance_and_no_idling()
    {
        var sums = Sums(20, Every10(TripInput.Rpm, 800, 800, 800));
        sums.Should().Be(new TripSums(EngineStarts: 1));
        sums.AverageSpeed.Should().BeNull();
    }

    [Fact]
    public void An_amount_that_covers_less_than_four_fifths_of_the_drive_is_unknown()
    {
        var speed = Every10(TripInput.Speed, 36, 36, 36, 36, 36, 36);
        Sums(50, [.. speed, .. Every10(TripInput.FuelRate, 7.2, 7.2, 7.2, 7.2, 7.2)]).FuelLitres.Should().BeApproximately(40 * 7.2 / 3600, 1e-9);
        Sums(50, [.. speed, .. Every10(TripInput.FuelRate, 7.2, 7.2, 7.2, 7.2)]).FuelLitres.Should().BeNull();
        Sums(50, [.. speed, (0, TripInput.Charge, 50), (39, TripInput.Charge, 40)]).ChargeUsed.Should().BeNull();
        Sums(50, [.. speed, (0, TripInput.Charge, 50), (40, TripInput.Charge, 40)]).ChargeUsed.Should().Be(10);
        Sums(50, [.. speed, (0, TripInput.Charge, 50)]).ChargeUsed.Should().BeNull();
    }

    [Fact]
    public void Charge_won_on_the_road_counts_and_charge_of_a_charger_does_not()
    {
        Sums(40, [.. Every10(TripInput.Speed, 36, 36, 36, 0, 0), .. Every10(TripInput.Charge, 50, 48, 49, 49, 60)]).ChargeUsed.Should().Be(1);
        Sums(20, Every10(TripInput.Charge, 50, 52, 49)).ChargeUsed.Should().Be(1);
    }

    [Fact]
    public void The_air_flow_is_fuel_of_a_petrol_engine_only_and_a_fuel_rate_goes_before_it()
    {
        var sums = new TripSums(AirGrams: 14.7 * 745 * 3);
        var prices = new TripPrices(2, 0.3);
        var petrol = VehicleProfile.Empty with { Fuel = "petrol" };
        TripUse.Of(sums, petrol, prices).FuelLitres.Should().BeApproximately(3, 1e-9);
        TripUse.Of(sums, petrol, prices).FuelSource.Should().Be("air_flow");
        TripUse.Of(sums, VehicleProfile.Empty with { Fuel = "diesel" }, prices).Should().Be(new TripUse(null, null, null, null, null));
        TripUse.Of(sums, VehicleProfile.Empty, prices).FuelLitres.Should().BeNull();
        TripUse.Of(sums with { FuelLitres = 4 }, petrol, prices).Should().Be(new TripUse(4, "fuel_rate", null, null, 8));
        TripUse.Of(new TripSums(ChargeUsed: 10), VehicleProfile.Empty with { BatteryKwh = 40 }, prices).Should().Be(new TripUse(null, null, 4, 10, 1.2));
        TripUse.Of(new TripSums(ChargeUsed: 10), VehicleProfile.Empty, prices).Should().Be(new TripUse(null, null, null, 10, null));
        TripUse.Of(new TripSums(ChargeUsed: 10, FuelLitres: 4), VehicleProfile.Empty with { BatteryKwh = 40 }, new TripPrices(null, 0.3)).Cost.Should().Be(1.2);
    }

    [Fact]
    public void Consumption_of_totals_is_over_the_distance_of_the_drives_that_have_it()
    {
        var totals = new TripTotals();
        var speed = new TripSums(Kilometres: 50, MaxSpeed: 100, MovingSeconds: 3000, StandingSeconds: 600, IdlingSeconds: 0);
        totals.Add(TimeSpan.FromHours(1), speed, new TripUse(3, "fuel_rate", null, null, 6));
        totals.Add(TimeSpan.FromHours(1), speed with { MaxSpeed = 120 }, new TripUse(null, null, null, null, null));
        totals.Add(TimeSpan.FromHours(1), new TripSums(), new TripUse(1, "fuel_rate", null, null, 2));
        totals.Should().BeEquivalentTo(new { Drives = 3, DurationSeconds = 10800.0, Kilometres = 100.0, MaxSpeed = 120.0, FuelLitres = 4.0, FuelPer100Km = 6.0, Cost = 8.0, MovingSeconds = 6000.0, AverageSpeed = 50.0 });
        totals.EnergyPer100Km.Should().BeNull();
        totals.EngineStarts.Should().BeNull();
    }

    [Theory]
    [InlineData("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00")]
    [InlineData("2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00")]
    [InlineData("2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00")]
    [InlineData("2026-11-01", "America/Havana", "2026-11-01T04:00:00")]
    public void Days_begin_at_the_first_moment_of_their_date(string date, string zone, string expected) =>
        TripDates.Midnight(DateOnly.Parse(date, null), TimeZoneInfo.FindSystemTimeZoneById(zone)).Should().Be(DateTime.Parse(expected, null));

    [Theory]
    [InlineData("2026-03-29", TripPeriod.Week, "2026-03-23")]
    [InlineData("2026-03-30", TripPeriod.Week, "2026-03-30")]
    [InlineData("2026-03-30", TripPeriod.Month, "2026-03-01")]
    [InlineData("2026-03-30", TripPeriod.Day, "2026-03-30")]
    public void Weeks_begin_on_Monday_and_months_on_the_first(string date, TripPeriod period, string expected) =>
        TripDates.FirstDay(DateOnly.Parse(date, null), period).Should().Be(DateOnly.Parse(expected, null));
}
