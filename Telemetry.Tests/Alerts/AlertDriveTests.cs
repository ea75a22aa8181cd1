using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Tests.Replay;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

public class AlertDriveTests
{
    [Fact]
    public void Every_rule_on_every_recorded_drive_does_what_the_referee_says()
    {
        var referee = Require.Shared("alerts", "referee.py");
        Require.That(referee is not null, "the referee of alerts is not there");
        var drives = Require.Drives();
        var output = Path.GetTempFileName();
        try
        {
            using (var python = Process.Start(new ProcessStartInfo(Require.Program("python3"), [referee!, "expected", output, .. drives]) { RedirectStandardError = true })!)
            {
                var errors = python.StandardError.ReadToEnd();
                python.WaitForExit();
                python.ExitCode.Should().Be(0, errors);
            }

            using var book = JsonDocument.Parse(File.ReadAllText(output));
            var start = DateTime.Parse(book.RootElement.GetProperty("base").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            var compared = 0;
            foreach (var path in drives)
            {
                var expected = book.RootElement.GetProperty("drives").GetProperty(Path.GetFileNameWithoutExtension(path)).GetProperty("rules");
                compared += Compare(path, start, book.RootElement.GetProperty("rules"), expected);
            }

            compared.Should().BeGreaterThan(50);
        }
        finally
        {
            File.Delete(output);
        }
    }

    static int Compare(string path, DateTime start, JsonElement ruleList, JsonElement expected)
    {
        var signals = new SignalCatalog();
        var rules = ruleList.EnumerateArray().Where(rule => expected.TryGetProperty(rule.GetProperty("name").GetString()!, out _)).Select((rule, i) => RuleJson.Read(rule, i + 1, signals)).ToList();
        using var run = new AlertRun(start, signals, rules, new PresenceLimits(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)));
        var drive = Drive.Read(path);
        var last = TimeSpan.Zero;
        foreach (var message in drive.Log.GroupBy(said => said.At))
        {
            last = message.Key;
            run.Feed(message.Key, "message", message.Select(said => (said.Values[0].Metric, Scaled(said.Values[0].Metric, double.Parse(said.Values[0].Text, CultureInfo.InvariantCulture), drive.IsMiles))));
        }

        run.AdvanceTo(last + TimeSpan.FromSeconds(120));
        foreach (var rule in rules)
        {
            var alerts = expected.GetProperty(rule.Name).GetProperty("alerts").EnumerateArray().Select(alert => string.Join(' ', new[] { "since", "fired", "cleared", "value" }.Select(field => Text(alert.GetProperty(field)))));
            run.AlertsOf(rule).Select(alert => $"{Text(alert.Since)} {Text(alert.Fired)} {(alert.Cleared is { } cleared ? Text(cleared) : "null")} {alert.Value?.ToString(CultureInfo.InvariantCulture) ?? "null"}")
                .Should().Equal(alerts, "{0} on {1}", rule.Name, Path.GetFileName(path));
        }

        return rules.Count;
    }

    // As the referee scales the drive that was logged in miles: its charge stays as it was logged.
    static double Scaled(string metric, double value, bool isMiles) => (isMiles, metric) switch
    {
        (true, "vehicle_speed") => value * 1.609344,
        (true, "ambient") => (value - 32) * 5 / 9,
        _ => value,
    };

    static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Null ? "null" : value.GetDouble().ToString(CultureInfo.InvariantCulture);

    static string Text(TimeSpan time) => Math.Round(time.Ticks / 1e7, 6).ToString(CultureInfo.InvariantCulture);
}
