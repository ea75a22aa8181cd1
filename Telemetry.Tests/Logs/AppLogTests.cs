namespace Telemetry.Tests.Logs;

/// <summary>The files that phone apps write.</summary>
public class AppLogTests
{
    const string TorqueHeader = "GPS Time, Device Time, Longitude, Latitude,GPS Speed (Meters/second), Altitude,Engine RPM(rpm),Speed (OBD)(km/h),Engine Coolant Temperature(°C)\n";

    [Fact]
    public void Torque_takes_fractions_from_the_phone_and_the_zone_from_the_satellites()
    {
        var file = new LogFile(TorqueHeader + "Wed Aug 05 18:57:56 GMT+01:00 2026,05-Aug-2026 18:57:56.412,11.5,48.1,10.2,520,2100.5,36,-\n");
        file.Readings.Should().Equal("2026-08-05 17:57:56.412 longitude 11.5", "2026-08-05 17:57:56.412 latitude 48.1", "2026-08-05 17:57:56.412 gps_speed 36.72", "2026-08-05 17:57:56.412 altitude 520",
            "2026-08-05 17:57:56.412 rpm 2100.5", "2026-08-05 17:57:56.412 vehicle_speed 36");
    }

    [Theory]
    [InlineData("Wed Aug 05 18:57:56 GMT+01:00 2026", "05-Aug-2026 18:57:56.412", "2026-08-05 17:57:56.412")]
    [InlineData("Wed Aug 05 13:57:56 EDT 2026", "05-Aug-2026 13:57:57.000", "2026-08-05 17:57:57")]
    [InlineData("Wed Aug 05 19:57:56 CEST 2026", "05-août-2026 19:57:56.412", "2026-08-05 17:57:56.412")]
    [InlineData("Wed Aug 05 17:57:56 GMT 2026", "05-Aug-2026 19:57:56.412", "2026-08-05 17:57:56.412")]
    [InlineData("-", "05-Aug-2026 17:57:56.412", "2026-08-05 17:57:56.412")]
    [InlineData("Wed Aug 05 19:57:56 MESZ 2026", "-", "2026-08-05 17:57:56")]
    [InlineData("Tue Mar 03 07:57:56 PM GMT-05:00 2026", "03-Mrz-2026 19:57:56.5", "2026-03-04 00:57:56.5")]
    public void Torque_has_two_clocks(string gps, string device, string utc) =>
        new LogFile($"GPS Time,Device Time,Engine RPM(rpm)\n{gps},{device},800\n").Readings.Should().Equal($"{utc} rpm 800");

    [Fact]
    public void Lines_before_the_first_satellite_have_the_phones_zone_too()
    {
        new LogFile("Device Time,GPS Time,Engine RPM(rpm)\n05-Aug-2026 18:57:55.000,-,700\n05-Aug-2026 18:57:56.000,Wed Aug 05 18:57:56 GMT+01:00 2026,800\n05-Aug-2026 19:30:00.000,Wed Aug 05 18:57:56 GMT+01:00 2026,900\n")
            .Readings.Should().Equal("2026-08-05 17:57:55 rpm 700", "2026-08-05 17:57:56 rpm 800", "2026-08-05 18:30:00 rpm 900");
    }

    [Fact]
    public void Torque_writes_its_header_again_with_other_columns()
    {
        new LogFile("GPS Time, Device Time,Engine RPM(rpm),Speed (OBD)(mph)\n-,05-Aug-2026 18:00:00.0,800,10\n GPS Time, Device Time,Speed (OBD)(km/h),Engine Coolant Temperature(°F),Engine RPM(rpm)\n-,05-Aug-2026 18:10:00.0,20,212,900\n")
            .Readings.Should().Equal("2026-08-05 18:00:00 rpm 800", "2026-08-05 18:00:00 vehicle_speed 16.09344", "2026-08-05 18:10:00 vehicle_speed 20", "2026-08-05 18:10:00 coolant_temperature 100", "2026-08-05 18:10:00 rpm 900");
    }

    const string CarScanner = "\"SECONDS\";\"PID\";\"VALUE\";\"UNITS\";\"LATITUDE\";\"LONGTITUDE\";\r\n\"67076.4\";\"Engine RPM\";\"2100.5\";\"rpm\";\"48.1\";\"11.5\";\r\n\"67076.5\";\"Vehicle speed\";\"36\";\"km/h\";\"48.1\";\"11.5\";\r\n";

    [Theory]
    [InlineData("2026-11-20", null, "2026-11-20 18:37:56.4", "2026-11-20 18:37:56.5")]
    [InlineData("2026-11-20T00:00:00Z", null, "2026-11-20 18:37:56.4", "2026-11-20 18:37:56.5")]
    [InlineData("2026-11-20", "+02:00", "2026-11-20 16:37:56.4", "2026-11-20 16:37:56.5")]
    [InlineData("2026-11-20", "Europe/Berlin", "2026-11-20 17:37:56.4", "2026-11-20 17:37:56.5")]
    [InlineData("2026-11-20T10:00:00Z", null, "2026-11-20 10:00:00", "2026-11-20 10:00:00.1")]
    [InlineData(null, null, "2026-11-25 18:37:56.4", "2026-11-25 18:37:56.5")]
    public void Car_scanner_counts_seconds_from_midnight(string? start, string? zone, string first, string second)
    {
        var file = new LogFile(CarScanner, start, zone);
        file.Readings.Should().Equal($"{first} rpm 2100.5", $"{first} latitude 48.1", $"{first} longitude 11.5", $"{second} vehicle_speed 36");
        file.Reader.Notes.Should().HaveCount(start is null ? 1 : 0);
    }

    [Fact]
    public void The_name_of_a_file_gives_its_date()
    {
        new LogFile(CarScanner, name: "2026-11-20 18-37-56").Readings[0].Should().Be("2026-11-20 18:37:56.4 rpm 2100.5");
        new LogFile("Time (sec);Engine RPM (RPM)\n0,5;800\n", name: "Log 20261120_183756").Readings.Should().Equal("2026-11-20 18:37:56.5 rpm 800");
        new LogFile("time,Engine RPM (rpm)\n10:56:07.123,800\n", name: "trackLog-2026-Jan-31_10-56-07").Readings.Should().Equal("2026-01-31 10:56:07.123 rpm 800");
        new LogFile("time,Engine RPM (rpm)\n10:56:07.123,800\n", name: "drive 31").Reader.Notes.Should().ContainSingle().Which.Should().Contain("no date");
    }

    [Fact]
    public void A_drive_through_midnight_goes_on_the_next_day()
    {
        new LogFile("SECONDS;PID;VALUE;UNITS\n86399;Engine RPM;800;rpm\n86398.5;Engine RPM;850;rpm\n1,5;Engine RPM;900;rpm\n", "2026-11-20")
            .Readings.Should().Equal("2026-11-20 23:59:59 rpm 800", "2026-11-20 23:59:58.5 rpm 850", "2026-11-21 00:00:01.5 rpm 900");
        new LogFile("time,rpm\n11:59:59 PM,800\n12:00:01 am,900\n", "2026-11-20").Readings.Should().Equal("2026-11-20 23:59:59 rpm 800", "2026-11-21 00:00:01 rpm 900");
    }

    [Fact]
    public void Car_scanner_in_columns_and_in_miles()
    {
        new LogFile("time,Calculated boost (psi),Engine coolant temperature (℉),Engine RPM (rpm),Engine RPM x1000 (rpm),MAF air flow rate (g/sec),OBD Module Voltage (V),Vehicle speed (mph),Altitude (GPS) (feet),Latitude\n10:35:00.250,14.5,212,2100,2.1,10,14.1,60,1000,0\n", "2026-05-16")
            .Readings.Select(reading => reading["2026-05-16 10:35:00.25 ".Length..]).Should().Equal("calculated_boost 99.973981", "coolant_temperature 100", "rpm 2100", "engine_rpm_x1000 2.1", "maf_air_flow_rate 10",
                "control_module_voltage 14.1", "vehicle_speed 96.56064", "altitude 304.8", "latitude 0");
    }

    [Theory]
    [InlineData("# StartTime = 02/03/2026 11:20:39.6323 AM\nTime (sec), Vehicle speed (MPH), Engine RPM (RPM), Trip Fuel Economy (MPG)\n", "2026-02-03 11:20:39.1033", "2026-02-03 11:20:41.8553")]
    [InlineData("# StartTime = 02/03/2026 11:20:39.6323 PM\n\nTime (sec), Vehicle speed (MPH), Engine RPM (RPM), Trip Fuel Economy (MPG)\n", "2026-02-03 23:20:39.1033", "2026-02-03 23:20:41.8553")]
    [InlineData("#Start: 2026-02-03T11:20:39.6323+01:00\nTime (sec), Vehicle speed (MPH), Engine RPM (RPM), Trip Fuel Economy (MPG)\n", "2026-02-03 10:20:39.1033", "2026-02-03 10:20:41.8553")]
    [InlineData("Log started;03.02.2026 11:20:39,6323\nTime (sec), Vehicle speed (MPH), Engine RPM (RPM), Trip Fuel Economy (MPG)\n", "2026-02-03 11:20:39.1033", "2026-02-03 11:20:41.8553")]
    public void Obd_fusion_names_its_start_above_the_header(string top, string first, string second)
    {
        new LogFile(top + "-0.529,0,800,\n2.223,10,900,47.0429166\n").Readings.Should().Equal($"{first} vehicle_speed 0", $"{first} rpm 800", $"{second} vehicle_speed 16.09344", $"{second} rpm 900", $"{second} fuel_consumption_trip 5");
    }

    [Fact]
    public void A_logger_that_was_started_again_names_its_start_again()
    {
        new LogFile("# StartTime = 02/03/2026 11:00:00 AM\nTime (sec),RPM\n0,800\n10,900\n# StartTime = 02/03/2026 02:00:00 PM\nTime (sec),RPM\n0,1000\n")
            .Readings.Should().Equal("2026-02-03 11:00:00 rpm 800", "2026-02-03 11:00:10 rpm 900", "2026-02-03 14:00:00 rpm 1000");
        var unnamed = new LogFile("Time (sec),RPM\n0,800\n10,900\n9.9,950\n0,1000\n1,1100\n", "2026-02-03T11:00:00Z");
        unnamed.Readings.Should().Equal("2026-02-03 11:00:00 rpm 800", "2026-02-03 11:00:10 rpm 900", "2026-02-03 11:00:09.9 rpm 950", "2026-02-03 11:00:10.9 rpm 1000", "2026-02-03 11:00:11.9 rpm 1100");
        unnamed.Reader.Notes.Should().ContainSingle().Which.Should().Contain("begin anew 1 times");
    }

    [Theory]
    [InlineData("time,rpm,vehicle_speed\n2026-11-20T10:00:00Z,900,50\n")]
    [InlineData("Zeit;Drehzahl (1/min);Geschwindigkeit [km/h]\n20.11.2026 10:00:00;900,0;50\n")]
    [InlineData("Datum;Uhrzeit;Motordrehzahl;Fahrzeuggeschwindigkeit (km/h)\n20.11.2026;10:00:00;900;50\n")]
    [InlineData("Date,Time,RPM,Speed (mph)\n11/20/2026,10:00:00 AM,900,31.0685596119\n")]
    [InlineData("Horodatage\tRégime moteur (tr/min)\tVitesse du véhicule (km/h)\n20/11/2026 10:00:00\t900\t50\n")]
    [InlineData("Giri motore (rpm)|Velocità veicolo (km/h)|data\n900|50|2026-11-20 11:00:00+01:00\n")]
    [InlineData("sep=;\n\"RPM del motor\";\"Velocidad del vehículo (km/h)\";\"Fecha y hora\"\n\"900\";\"50\";\"2026-11-20 10:00\"\n")]
    [InlineData("время,Обороты двигателя (об/мин),Скорость (км/ч)\n1795168800,900,50\n")]
    [InlineData("timestamp,Engine speed,Speed km/h\n1795168800000,900,50\n")]
    [InlineData("timestamp,rpm,speed_mph\n1795168800000000,900 rpm,31.0685596119\n")]
    [InlineData("Time,RPM,Speed\nms,rpm,mph\n2026-11-20 10:00:00.000,900,31.0685596119\n")]
    [InlineData("elapsed (ms),RPM,Vehicle speed (m/s)\n0,\"900,0\",\"13,888888889\"\n")]
    [InlineData("when it was,rpm,vehicle_speed\n2026-11-20T10:00:00Z,900,50\n")]
    public void Any_columns_with_times(string text)
    {
        var file = new LogFile(text, text.StartsWith("elapsed", StringComparison.Ordinal) ? "2026-11-20T10:00:00Z" : null);
        file.Readings.Should().BeEquivalentTo("2026-11-20 10:00:00 rpm 900", "2026-11-20 10:00:00 vehicle_speed 50");
    }

    [Theory]
    [InlineData("seconds,metric,value\n0,rpm,900\n0.5,vehicle_speed,50\n")]
    [InlineData("Time;Parameter;Value;Unit\n2026-11-20 10:00:00;Engine RPM;900;rpm\n2026-11-20 10:00:00,5;Vehicle speed;31,0685596119;mph\n")]
    [InlineData("signal,unit,timestamp,value\nrpm,,1795168800,900\nSpeed (mph),,1795168800.5,31.0685596119\n")]
    public void One_value_a_line(string text) =>
        new LogFile(text, "2026-11-20T10:00:00Z").Readings.Should().Equal("2026-11-20 10:00:00 rpm 900", "2026-11-20 10:00:00.5 vehicle_speed 50");
}
