using System.Reflection;

namespace Telemetry.Api.Hosting;

/// <summary>Version from <c>Directory.Build.props</c>, and the first and last log lines of a start.</summary>
static partial class ProductVersion
{
    public static string Text { get; } = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    /// <summary>Call it when the ports are open: a failed start logs only its error.</summary>
    public static void LogVersion(ILogger log, IEnumerable<string> addresses) => Log.Starting(log, Text, string.Join(", ", addresses));

    public static void LogAddressWhenStarted(WebApplication app)
    {
        // Callbacks run in reverse order: the first registration logs the last line.
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (app.Urls.FirstOrDefault() is { } url) Log.Open(app.Logger, ToOpen(url));
        });
    }

    static string ToOpen(string url) => url.Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal);

    static partial class Log
    {
        [LoggerMessage(900, LogLevel.Information, "Telemetry {Version}, listening on {Addresses}")]
        public static partial void Starting(ILogger log, string version, string addresses);

        [LoggerMessage(901, LogLevel.Information, "Open {Address}")]
        public static partial void Open(ILogger log, string address);
    }
}
