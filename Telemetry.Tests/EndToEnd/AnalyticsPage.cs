using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The analytics page with what a store holds: readings for it, what it says of a range, its choice of ranges and its address.</summary>
static class AnalyticsPage
{
    public const string Status = "range-status .range-text";
    public const string Problem = "No answer for this range: ";

    public static readonly DateTime Start = new(2026, 11, 1, 10, 0, 0, DateTimeKind.Utc);

    /// <summary>A reading a second: rpm first, first + 1, …</summary>
    public static IEnumerable<(DateTime At, string Vehicle, string Signal, double Value)> Drive(DateTime from, int seconds, int first, string vehicle = "default") =>
        Enumerable.Range(0, seconds).Select(i => (from.AddSeconds(i), vehicle, "rpm", (double)first + i));

    public static Task Choose(Tab tab, string label) => tab.Page.Locator("range-bar label", new() { HasTextString = label }).ClickAsync();

    public static Task Shows(Tab tab, string address) => Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex(Regex.Escape(address) + "$"));
}
