using System.Net.Http.Json;
using System.Text.Json;

namespace Telemetry.Tests.Support;

/// <summary>Data given to a chart of the analytics page: time in unix seconds, null where the line is broken.</summary>
sealed record Drawing(double[] Time, double?[] Value, double?[] Low, double?[] High)
{
    /// <summary>A script for before the page's own, that keeps it.</summary>
    public const string Kept = """
        const define = customElements.define.bind(customElements);
        customElements.define = (name, type) => {
          const { draw } = type.prototype;
          if (name === 'signal-chart') type.prototype.draw = function (columns) {
            this.drawn = { time: columns.time, silent: columns.silent, ...columns.signals[this.dataset.chart] };
            draw.call(this, columns);
          };
          define(name, type);
        };
        """;

    /// <summary>Without a point before the first drawing.</summary>
    public static async Task<Drawing> Of(Tab tab, string signal)
    {
        var drawn = await Chart(tab, signal).EvaluateAsync<JsonElement>("""
            ({ drawn = { time: [], value: [], low: [], high: [] } }) => ({ time: drawn.time, value: drawn.value.map((v) => v ?? null), low: drawn.low.map((v) => v ?? null), high: drawn.high.map((v) => v ?? null) })
            """);
        return new Drawing([.. drawn.GetProperty("time").EnumerateArray().Select(time => time.GetDouble())],
            Numbers(drawn.GetProperty("value")), Numbers(drawn.GetProperty("low")), Numbers(drawn.GetProperty("high")));
    }

    /// <summary>Number of breaks in the line between its first and its last point.</summary>
    public static Task<int> Gaps(Tab tab, string signal) => Chart(tab, signal).EvaluateAsync<int>("""
        ({ drawn: { value } }) => {
          const known = (v) => v !== null && v !== undefined;
          const line = value.slice(value.findIndex(known), value.findLastIndex(known)).filter((v) => v !== undefined);
          return line.filter((v, i) => v === null && line[i - 1] !== null).length;
        }
        """);

    /// <summary>The times that are shaded, in unix seconds.</summary>
    public static async Task<(double From, double To)[]> Silent(Tab tab, string signal) =>
        [.. (await Chart(tab, signal).EvaluateAsync<double[][]>("({ drawn }) => drawn.silent")).Select(span => (span[0], span[1]))];

    /// <summary>True if the chart, once it is drawn, has a colour of its own there, near its upper edge, where no line is.</summary>
    public static async Task<bool> IsShadedAt(Tab tab, string signal, double time)
    {
        await Chart(tab, signal).Locator(".u-over").WaitForAsync();
        return await Chart(tab, signal).EvaluateAsync<bool>("""
        (chart, time) => {
          const canvas = chart.querySelector('canvas');
          const [frame, over] = [canvas, chart.querySelector('.u-over')].map((element) => element.getBoundingClientRect());
          const [first, last] = [chart.drawn.time[0], chart.drawn.time.at(-1)];
          const scale = canvas.width / frame.width;
          const x = over.left - frame.left + over.width * (time - first) / (last - first);
          return canvas.getContext('2d').getImageData(x * scale, (over.top - frame.top + 4) * scale, 1, 1).data[3] > 0;
        }
        """, time);
    }

    /// <summary>Waits until the chart draws each bucket of the range as the server gives it now.</summary>
    public static async Task IsWhatTheStoreHolds(Tab tab, Server server, string signal)
    {
        await Eventually.Holds($"the chart of {signal} holds what the store holds", async () =>
        {
            // The page asks for the ages of old values as well: one of its last questions is the chart's.
            var asked = await tab.Page.EvaluateAsync<string[]>("() => performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.includes('/telemetry/history')).slice(-5)");
            var drawn = await Of(tab, signal);
            foreach (var question in asked.Reverse())
            {
                var history = await server.Http.GetFromJsonAsync<JsonElement>(question);
                if (history.GetProperty("signals").TryGetProperty(signal, out var stored) && Equals(drawn, history, stored)) return true;
            }

            return false;
        });
    }

    static bool Equals(Drawing drawn, JsonElement history, JsonElement stored) =>
        drawn.Time.SequenceEqual(history.GetProperty("time").EnumerateArray().Select(time => time.GetDouble()))
        && drawn.Value.SequenceEqual(Numbers(stored.GetProperty("avg")))
        && drawn.Low.SequenceEqual(Numbers(stored.GetProperty("min")))
        && drawn.High.SequenceEqual(Numbers(stored.GetProperty("max")));

    static Microsoft.Playwright.ILocator Chart(Tab tab, string signal) => tab.Page.Locator($"signal-chart[data-chart={signal}]");

    static double?[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble())];
}
