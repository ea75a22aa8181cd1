using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The page of drives: readings for it, where things are on it, and its addresses.</summary>
static class DrivesPage
{
    public const string Rows = ".drive";
    public const string Time = ".play-time";

    public static readonly DateTime Morning = DateTime.UtcNow.Date.AddDays(-2).AddHours(7);

    /// <summary>A reading of each a second, the last after so many: rpm 1000, 1001, … and the speed a tenth of the seconds.</summary>
    public static IEnumerable<(DateTime At, string Vehicle, string Signal, double Value)> Drive(DateTime start, string vehicle = "default", int seconds = 600) =>
        Enumerable.Range(0, seconds + 1).SelectMany(i => new[] { (start.AddSeconds(i), vehicle, "rpm", 1000.0 + i), (start.AddSeconds(i), vehicle, "vehicle_speed", i / 10.0) });

    public static Task<Tab> OpenDrives(this Browser browser, Server server, string address, int width = 1440, string? before = null) => browser.Open(server, "drives.html" + address, before, settings =>
    {
        settings.ViewportSize = new() { Width = width, Height = 900 };
        settings.TimezoneId = "UTC";
    });

    public static string At(DateTime time) => $"#t={time:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    public static string Rpm(int second) => $"{1000 + second} rpm";
}
