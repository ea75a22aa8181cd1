using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Imports of the files that phone apps write, over HTTP and as a command.</summary>
public sealed class LogImportTests : IAsyncLifetime
{
    const string Torque = "GPS Time, Device Time, Longitude, Latitude,GPS Speed (Meters/second), Altitude,Engine RPM(rpm),Speed (OBD)(km/h),Engine Coolant Temperature(°C)\n" +
        "Wed Aug 05 18:57:56 GMT+01:00 2026,05-Aug-2026 18:57:56.412,11.5,48.1,10.2,520,2100.5,36,-\n";

    const string CarScanner = "\"SECONDS\";\"PID\";\"VALUE\";\"UNITS\";\r\n\"67076.4\";\"Engine RPM\";\"2100.5\";\"rpm\";\r\n\"67076.5\";\"Engine coolant temperature\";\"212\";\"℉\";\r\n\"67076.6\";\"Fuel system status\";\"Closed loop\";\"\";\r\n";

    Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await Server.Start();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task<JsonElement> Import(byte[] file, string query, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await _server.Http.PostAsync($"/telemetry/import{query}", new ByteArrayContent(file));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(expected, text);
        await _server.StoreIs("direct");
        return JsonDocument.Parse(text).RootElement;
    }

    Task<JsonElement> Import(string file, string query, HttpStatusCode expected = HttpStatusCode.OK) => Import(Encoding.UTF8.GetBytes(file), query, expected);

    async Task<string[]> Exported(int vehicle) =>
        [.. (await _server.Http.GetStringAsync($"/telemetry/export?vehicle_id={vehicle}&from=2026-01-01&to=2026-11-26")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    [Fact]
    public async Task A_log_becomes_readings_and_the_same_log_again_changes_nothing()
    {
        for (var i = 0; i < 2; i++)
        {
            var report = await Import(Torque, "?vehicle=car7");
            report.GetProperty("readings").GetInt32().Should().Be(6);
            report.GetProperty("format").GetString().Should().Be("wide");
            report.GetProperty("first").GetString().Should().Be("2026-08-05T17:57:56.412000Z");
        }

        (await Exported(2)).Should().BeEquivalentTo(new[] { "longitude,11.5", "latitude,48.1", "gps_speed,36.72", "altitude,520", "rpm,2100.5", "vehicle_speed,36" }.Select(row => $"2026-08-05T17:57:56.412000Z,car7,{row}"));
        (await _server.Http.GetStringAsync("/telemetry/latest?vehicle_id=2")).Should().Contain("\"rpm\":2100.5,\"vehicle_speed\":36").And.Contain("\"offline\"");
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_taken_and_stores_nothing()
    {
        var report = await Import(CarScanner, "?vehicle=car8&start=2026-11-20&zone=Europe/Berlin&dry_run=true");
        report.GetProperty("readings").GetInt32().Should().Be(2);
        report.GetProperty("dry_run").GetBoolean().Should().BeTrue();
        report.GetProperty("first").GetString().Should().Be("2026-11-20T17:37:56.400000Z");
        report.GetProperty("last").GetString().Should().Be("2026-11-20T17:37:56.500000Z");
        var coolant = report.GetProperty("columns")[1];
        coolant.GetProperty("name").GetString().Should().Be("Engine coolant temperature (℉)");
        coolant.GetProperty("signal").GetString().Should().Be("coolant_temperature");
        coolant.GetProperty("unit").GetString().Should().Be("°C");
        coolant.GetProperty("conversion").GetString().Should().Be("value × 0.5555555556 − 17.77777778");
        var left = report.GetProperty("left_out")[0];
        left.GetProperty("column").GetString().Should().Be("Fuel system status");
        left.GetProperty("line").GetInt32().Should().Be(4);
        left.GetProperty("reason").GetString().Should().Be("not a number");
        (await _server.Http.GetStringAsync("/vehicles")).Should().NotContain("car8");
        (await _server.Http.GetStringAsync("/signals")).Should().NotContain("fuel_system_status");
    }

    [Fact]
    public async Task An_export_and_a_dry_run_of_it()
    {
        const string Export = "recorded_at,vehicle,signal,value\n2026-11-01T10:00:00.000000Z,van,rpm,800\n2026-11-01T10:00:01.000000Z,van,made_up,1\n";
        var report = await Import(Export, "?dry_run=true");
        report.GetProperty("readings").GetInt32().Should().Be(2);
        report.GetProperty("format").GetString().Should().Be("export");
        report.GetProperty("vehicles")[0].GetString().Should().Be("van");
        (await _server.Http.GetStringAsync("/signals")).Should().NotContain("made_up");
        await Import(Export, "?vehicle=other&start=2020-01-01");
        (await Exported(2)).Should().Equal("2026-11-01T10:00:00.000000Z,van,rpm,800", "2026-11-01T10:00:01.000000Z,van,made_up,1");
    }

    [Fact]
    public async Task A_dry_run_takes_a_limited_number_of_vehicles()
    {
        var export = new StringBuilder("recorded_at,vehicle,signal,value\n");
        for (var i = 0; i <= 10_000; i++) export.Append(CultureInfo.InvariantCulture, $"2026-11-01T10:00:00Z,car{i},rpm,800\n");
        using var answer = await _server.Http.PostAsync("/telemetry/import?dry_run=true", new StringContent(export.ToString(), Encoding.UTF8, "text/csv"));
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("Line 10002: a dry run takes at most 10000 vehicles.");
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("latin1", false)]
    public async Task Any_encoding(string name, bool hasMark)
    {
        var encoding = name == "utf-8" ? new UTF8Encoding(hasMark) : name == "latin1" ? Encoding.Latin1 : new UnicodeEncoding(name == "utf-16BE", hasMark);
        var text = "Zeit;Öltemperatur (°F)\r\n20.11.2026 10:00:00,5;212,0\r\n";
        await Import([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], "?zone=%2B01:00");
        (await Exported(1)).Should().Equal("2026-11-20T09:00:00.500000Z,default,engine_oil_temp,100");
    }

    [Theory]
    [InlineData("?start=soon", "start takes a time such as 2026-11-23T10:00:00Z, or a date.", "start")]
    [InlineData("?zone=Nowhere/Town", "zone takes an offset such as +02:00", "zone")]
    [InlineData("?vehicle=", "vehicle takes a device name", "vehicle")]
    [InlineData("?dry_run=perhaps", "dry_run takes true or false.", "dry_run")]
    [InlineData("", "Line 3, column time: 'later' is no time", "line 3")]
    public async Task A_refusal_names_what_is_wrong(string query, string detail, string parameter)
    {
        var problem = await Import("time,rpm\n2026-11-20T10:00:00Z,800\nlater,900\n", query, HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().Should().StartWith(detail);
        problem.GetProperty("parameter").GetString().Should().Be(parameter);
        (await Exported(1)).Should().HaveCount(query == "" ? 1 : 0, "the lines before it are kept");
    }

    [Fact]
    public async Task A_form_brings_the_name_of_the_file()
    {
        using var form = new MultipartFormDataContent { { new StringContent("ignored"), "note" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(CarScanner)), "file", "2026-11-20 18-37-56.csv" } };
        using var answer = await _server.Http.PostAsync("/telemetry/import", form);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"readings\":2,\"rejected\":0");
        await _server.StoreIs("direct");
        (await Exported(1)).Should().Equal("2026-11-20T18:37:56.400000Z,default,rpm,2100.5", "2026-11-20T18:37:56.500000Z,default,coolant_temperature,100");
    }

    [Fact]
    public async Task A_log_without_a_single_value_is_refused()
    {
        var problem = await Import("time,rpm\n2026-11-20T10:00:00Z,fast\n2026-11-20T10:00:01Z,slow\n", "", HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().Should().StartWith("Line 2, column rpm: not a number; the file has no value that can be taken.");
    }

    [Fact]
    public async Task An_offset_typed_with_a_plus_is_accepted()
    {
        await Import("Time (sec),rpm\n0,800\n", "?start=2026-11-20T10:00:00+02:00");
        await Import("time,rpm\n2026-11-20 12:00:00,900\n", "?zone=+02:00");
        (await Exported(1)).Should().Equal("2026-11-20T08:00:00.000000Z,default,rpm,800", "2026-11-20T10:00:00.000000Z,default,rpm,900");
    }

    [Fact]
    public async Task The_command_reads_the_date_in_the_name_of_a_file()
    {
        using var folder = new TempFolder();
        var log = folder["2026-11-20 18-37-56.csv"];
        await File.WriteAllTextAsync(log, CarScanner);
        var (code, output) = await Run(folder, "--import", log, "--vehicle", "van", "--dry-run");
        code.Should().Be(0, output);
        output.Should().Contain("From 2026-11-20T18:37:56.400000Z to 2026-11-20T18:37:56.500000Z, vehicle van.\n").And.Contain("Left out: Fuel system status: not a number (1 ×, first in line 4).\n")
            .And.EndWith("2 readings would be imported, 0 rejected.");
        (code, output) = await Run(folder, "--import", log, "--vehicle", "van", "--zone", "Europe/Berlin");
        code.Should().Be(0, output);
        output.Should().Contain("From 2026-11-20T17:37:56.400000Z").And.EndWith("2 readings imported, 0 rejected.");
    }

    [Theory]
    [InlineData("--start is 'soon'; it takes a time such as 2026-11-23T10:00:00Z, or a date.", "--import", "", "--start", "soon")]
    [InlineData("--zone is 'Nowhere'; it takes an offset", "--import", "", "--zone", "Nowhere")]
    [InlineData("--start, --zone and --dry-run require --import.", "--dry-run")]
    public async Task A_wrong_argument_ends_the_command(string message, params string[] arguments)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["log.csv"], CarScanner);
        var (code, output) = await Run(folder, [.. arguments.Select(argument => argument == "" ? folder["log.csv"] : argument)]);
        code.Should().Be(1);
        output.Should().StartWith(message);
    }

    static async Task<(int Code, string Output)> Run(TempFolder folder, params string[] arguments)
    {
        using var process = ServerProcess.Start(folder, null, arguments);
        return (await process.WaitForExit(), process.Output);
    }
}
