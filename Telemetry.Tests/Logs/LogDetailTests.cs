using Telemetry.Core.Logs;

namespace Telemetry.Tests.Logs;

/// <summary>Names, units, values and times of log files in detail, and what is refused.</summary>
public class LogDetailTests
{
    [Theory]
    [InlineData("Fuel Rail Pressure(psi)", "fuel_rail_pressure kPa: value × 6.894757293")]
    [InlineData("Intake Manifold Pressure(psi)", "intake_mani_abs_press kPa: value × 6.894757293")]
    [InlineData("Barometric pressure (from vehicle)(inHg)", "abs_baro_pres kPa: value × 3.386389")]
    [InlineData("Fuel used (trip)(gal)", "fuel_used_trip L: value × 3.785411784")]
    [InlineData("Trip Distance(miles)", "trip_distance km: value × 1.609344")]
    [InlineData("Miles Per Gallon(Instant)(mpg)", "fuel_consumption_instant L/100km: 235.214583 ÷ value")]
    [InlineData("Intake Air Temperature(°F)", "intake_air_temperature °C: value × 0.5555555556 − 17.77777778")]
    [InlineData("Intake air temperature (℉)", "intake_air_temperature °C: value × 0.5555555556 − 17.77777778")]
    [InlineData("coolant_temp_c", "coolant_temperature °C")]
    [InlineData("Engine Coolant Temperature(Â°C)", "coolant_temperature °C")]
    [InlineData("Voltage (Control Module)(V)", "control_module_voltage V")]
    [InlineData("Short term fuel % trim - Bank 1 (%)", "short_fuel_trim_bank1 %")]
    [InlineData("Catalyst Temperature (Bank 1,Sensor 1)(°C)", "cat_temp_bank1sens1 °C")]
    [InlineData("[BMS] Max cell voltage (mV)", "bms_max_cell_voltage V: value × 0.001")]
    [InlineData("Fuel price ($1.3)", "fuel_price_1_3 ")]
    [InlineData("Engine Load (rpm)", "engine_load_rpm ")]
    [InlineData("Температура масла (°C)", "engine_oil_temp °C")]
    [InlineData("Tire pressure FL", "tire_pressure_fl ")]
    [InlineData("Barometer (on Android device)(mb)", "barometer_on_android_device kPa: value × 0.1")]
    [InlineData("Fuel flow rate/minute(gal/min)", "fuel_rate_calculated L/h: value × 227.124707")]
    public void A_header_is_a_signal_with_a_unit(string header, string signal) => LogFile.SignalsOf($"time,{header}", "2026-11-20T10:00:00Z,1").Should().Equal(signal);

    [Theory]
    [InlineData("2100,5", 2100.5)]
    [InlineData("2.100,5", 2100.5)]
    [InlineData("2,100.5", 2100.5)]
    [InlineData("1 234,5", 1234.5)]
    [InlineData("1.234.567", 1234567)]
    [InlineData("−3", -3)]
    [InlineData("1.5E+03", 1500)]
    [InlineData(".5", 0.5)]
    public void Numbers_of_several_countries(string text, double value) =>
        new LogFile($"time;abc\n2026-11-20T10:00:00Z;{text}\n").Readings.Should().Equal(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"2026-11-20 10:00:00 abc {value}"));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData("NaN")]
    [InlineData("N/A")]
    [InlineData("∞")]
    [InlineData("null")]
    public void No_value_is_no_reading(string text)
    {
        var file = new LogFile($"time;rpm;abc\n2026-11-20T10:00:00Z;800;{text}\n{(text == "" ? "-" : text)};900;1\n");
        file.Readings.Should().Equal("2026-11-20 10:00:00 rpm 800");
        file.Reader.LeftOut.All.Should().ContainSingle().Which.Should().Match<LeftOut>(entry => entry.Reason == "line without a time" && entry.Line == 3 && entry.Count == 1);
    }

    [Fact]
    public void The_first_of_two_columns_counts_and_the_second_fills_its_gaps()
    {
        var file = new LogFile("time,Speed (OBD)(km/h),Speed (OBD)(mph),Speed (GPS)(km/h)\n2026-11-20 10:00:00,50,31,49\n2026-11-20 10:00:01,,10,-\n");
        file.Readings.Should().Equal("2026-11-20 10:00:00 vehicle_speed 50", "2026-11-20 10:00:00 gps_speed 49", "2026-11-20 10:00:01 vehicle_speed 16.09344");
        file.Reader.LeftOut.All.Should().ContainSingle().Which.Should().Match<LeftOut>(entry => entry.Reason == "another column is vehicle_speed" && entry.Line == 2 && entry.Column == "Speed (OBD)(mph)" && entry.Count == 1);
    }

    [Fact]
    public void Texts_are_left_out_and_named()
    {
        var file = new LogFile("No,time,rpm,Fuel status,Lamp\n1,2026-11-20 10:00:00,800,Closed loop,on\n2,2026-11-20 10:00:01,x,Open loop,off\n");
        file.Readings.Should().Equal("2026-11-20 10:00:00 rpm 800", "2026-11-20 10:00:00 lamp 1", "2026-11-20 10:00:01 lamp 0");
        file.Reader.LeftOut.All.Select(entry => $"{entry.Line} {entry.Column} {entry.Reason} {entry.Count}").Should().Equal("2 Fuel status not a number 2", "3 rpm not a number 1");
        file.Reader.Columns[0].LeftOut.Should().Contain("numbers of lines");
    }

    [Theory]
    [InlineData("03/04/2026 10:00:00", "13/04/2026 10:00:00", "2026-04-03 10:00:00")]
    [InlineData("03/04/2026 10:00:00", "03/14/2026 10:00:00", "2026-03-04 10:00:00")]
    [InlineData("03/04/2026 10:00:00", "03/04/2026 10:00:01", "2026-04-03 10:00:00")]
    [InlineData("03/04/2026 10:00:00 AM", "03/04/2026 10:00:01 AM", "2026-03-04 10:00:00")]
    [InlineData("03.04.26 10:00:00", "03.04.26 10:00:01", "2026-04-03 10:00:00")]
    [InlineData("2026/04/03 10:00:00", "2026/04/03 10:00:01", "2026-04-03 10:00:00")]
    [InlineData("Apr 3, 2026 10:00:00 a.m.", "Apr 3, 2026 10:00:01 a.m.", "2026-04-03 10:00:00")]
    [InlineData("3 avr. 2026 10:00:00", "3 avr. 2026 10:00:01", "2026-04-03 10:00:00")]
    [InlineData("2026-04-03T12:00:00.000+0200", "2026-04-03T12:00:01+02", "2026-04-03 10:00:00")]
    [InlineData("2026-04-03 12:00:00 AM", "2026-04-03 12:00:01 AM", "2026-04-03 00:00:00")]
    [InlineData("2026-04-03 12:00:00 PM", "2026-04-03 12:00:01 PM", "2026-04-03 12:00:00")]
    public void Dates_of_several_countries(string first, string second, string utc) =>
        new LogFile($"time;rpm\n{first};800\n{second};900\n").Readings[0].Should().Be($"{utc} rpm 800");

    [Theory]
    [InlineData("Time (UTC+01:00);rpm\n2026-11-20 11:00:00;800\n", null, "2026-11-20 10:00:00")]
    [InlineData("Elapsed time;rpm\n00:00:01.5;800\n", "2026-11-20T10:00:00Z", "2026-11-20 10:00:01.5")]
    [InlineData("time;rpm\n0:00:01.5;800\n", "2026-11-20T10:00:00Z", "2026-11-20 10:00:01.5")]
    [InlineData("time;rpm\n00:01.5;800\n", "2026-11-20T10:00:00Z", "2026-11-20 10:00:01.5")]
    [InlineData("time;rpm\n10:15:00;800\n", "2026-11-20T10:15:30Z", "2026-11-20 10:15:00")]
    [InlineData("time;rpm\n18:15:00;800\n", "2026-11-20T10:00:00Z", "2026-11-20 18:15:00")]
    public void Times_of_columns(string text, string? start, string utc) => new LogFile(text, start).Readings.Should().Equal($"{utc} rpm 800");

    [Theory]
    [InlineData("Elapsed time;rpm\n00:00:01;800\n", "Line 2, column Elapsed time")]
    [InlineData("", "Line 1")]
    [InlineData("hello\nworld\n", "Line 1")]
    [InlineData("time,rpm\n", "Line 1")]
    [InlineData("time,date\n2026-11-20T10:00:00Z,1\n", "Line 1")]
    [InlineData("a,b\n1,2\n", "Line 1")]
    [InlineData("time,rpm\n2026-11-20T10:00:00Z,800\nsoon,900\n", "Line 3, column time")]
    [InlineData("time,rpm\n2026-11-20T10:00:00Z,800\n2026-13-20T10:00:00Z,900\n", "Line 3, column time")]
    [InlineData("time,rpm\n2026-11-20T10:00:00 XYZ,800\n", "Line 2, column time")]
    [InlineData("time,rpm\n2026-11-20T13:00:00 PM,800\n2026-11-20T10:00:00Z,900,5\n", "Line 3, column 3")]
    [InlineData("time,rpm\n2026-11-20T10:00:00Z,900,5\n", "Line 2, column 3")]
    [InlineData("time,rpm\n\"2026-11-20T10:00:00Z\",\"900\n", "Line 2, column 2")]
    [InlineData("Time (sec),rpm\n0,900\n", "Line 2, column Time (sec)")]
    [InlineData("time,rpm\n1999-11-20T10:00:00Z,900\n", "Line 2, column time")]
    public void A_refusal_names_line_and_column(string text, string place) => new LogFile(text).Problem.Should().StartWith(place);

    [Fact]
    public void A_log_of_an_hour_needs_memory_for_a_line_only()
    {
        var reader = new LogReader(new Core.Signals.SignalCatalog(), new LogOptions(null, null, TimeZoneInfo.Utc, LogFile.Now));
        string[] lines = ["time,rpm,vehicle_speed,coolant_temperature", .. Enumerable.Range(0, 99).Select(i => $"2026-11-20T10:00:{i % 60:00}.{i / 60}00Z,800.5,50,90")];
        reader.Begin(lines).Should().BeNull();
        foreach (var line in lines) reader.Read(line).Should().BeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) reader.Read(lines[1 + i % 99]);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000 * 64);
    }
}
