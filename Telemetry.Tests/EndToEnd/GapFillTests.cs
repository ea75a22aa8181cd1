using System.Globalization;
using Microsoft.Playwright;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The server goes away while a car goes on; Mosquitto keeps what it says meanwhile.</summary>
public sealed class GapFillTests(Browser browser) : IDisposable
{
    const int AwayFor = 200; // Readings, at ten a second: 20 s.
    const int First = 1000;

    /// <summary>
    /// The pages stay away until the server has heard what it missed: readings that come faster than a page draws are not all live points.
    /// A socket of before may still be on its way, since Chromium holds back those that follow failures.
    /// </summary>
    const string KeptAway = """
        const sockets = [];
        window.WebSocket = class extends WebSocket {
          constructor(url) {
            super(url);
            sockets.push(this);
            if (window.away) this.close();
          }
        };
        window.leave = () => { window.away = true; for (const socket of sockets) socket.close(); };
        window.comeBack = () => { window.away = false; window.dispatchEvent(new Event('online')); };
        """;

    readonly TempFolder _folder = new();
    readonly int _port = Ports.Free();
    int _sent;

    public void Dispose() => _folder.Dispose();

    // Without a rate limit: the first message of a page that comes back is to be the newest one, not one of the 40 ms before.
    Task<Server> StartServer(Mosquitto broker) => Server.Start($"Urls=http://127.0.0.1:{_port}", "Stream:UpdateInterval=00:00:00", "Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}",
        $"History:SqlitePath={_folder["same.db"]}", $"History:SpoolPath={_folder["same-spool.db"]}", "History:FlushInterval=00:00:01");

    [Fact]
    public async Task After_20_s_without_the_server_the_charts_hold_what_the_store_holds()
    {
        await using var broker = await Mosquitto.Start();
        using var enough = new CancellationTokenSource();
        var (live, past, driving) = await OpenAndLoseServer(broker, enough.Token);
        await using var _ = live;
        await using var __ = past;
        var before = _sent;
        await Eventually.Holds($"the car has sent {AwayFor} readings to nobody", () => _sent >= before + AwayFor, within: TimeSpan.FromSeconds(60));

        foreach (var tab in new[] { live, past }) await tab.Page.EvaluateAsync("leave()");
        await using var server = await StartServer(broker);
        var missed = new List<(DateTime At, double Value)>();
        await Eventually.Holds("the store holds what was sent meanwhile", async () => (missed = await Rows(server)).Count >= before + AwayFor);
        foreach (var tab in new[] { live, past }) await tab.Page.EvaluateAsync("comeBack()");
        await enough.CancelAsync(); // Sixty more, and what was missed would have left the live chart again.
        await driving;
        foreach (var tab in new[] { live, past }) await Assertions.Expect(tab.Page.Locator(Places.Link)).ToHaveTextAsync("Connected");
        var rows = new List<(DateTime At, double Value)>();
        await Eventually.Holds("the store holds every reading", async () => (rows = await Rows(server)).Count >= _sent);
        rows.Select(row => row.Value).Should().Equal(Enumerable.Range(First, _sent).Select(rpm => (double)rpm));
        var away = rows.Zip(rows.Skip(1)).MaxBy(pair => pair.Second.At - pair.First.At);
        (away.Second.At - away.First.At).Should().BeGreaterThan(TimeSpan.FromSeconds(15));

        await Drawing.IsWhatTheStoreHolds(past, server, "rpm");
        await Eventually.Holds("the live chart holds what the store holds", async () => Holds(await Drawing.Of(live, "rpm"), missed.Where(row => row.At >= away.Second.At)));
        var drawn = await Drawing.Of(live, "rpm");
        drawn.Value[^1].Should().Be(First + _sent - 1);
        drawn.Time.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        drawn.Value.Count(value => value is not null).Should().BeLessThanOrEqualTo(60);
        drawn.Time.Zip(drawn.Value).Should().Contain(point => point.Second == null && point.First > Seconds(away.First.At) && point.First < Seconds(away.Second.At), "the time without a server is a gap");
    }

    async Task<(Tab Live, Tab Past, Task Driving)> OpenAndLoseServer(Mosquitto broker, CancellationToken enough)
    {
        await using var server = await StartServer(broker);
        var missed = new List<(DateTime At, double Value)>();
        await server.BrokerIs("healthy");
        var live = await browser.Open(server, "analytics.html?live=points", Drawing.Kept + KeptAway);
        var past = await browser.Open(server, "analytics.html?range=15m", Drawing.Kept + KeptAway);
        var driving = Drive(broker, enough);
        await Eventually.Holds("the live chart has some points", async () => (await Drawing.Of(live, "rpm")).Value.Length >= 20);
        return (live, past, driving);
    }

    async Task Drive(Mosquitto broker, CancellationToken enough)
    {
        await using var car = await Car.Connect(broker.Port);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!enough.IsCancellationRequested)
        {
            await car.Publish("wican/rpm", $"{First + _sent}");
            _sent++;
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>True if each reading that the chart reaches back to lies in the point that covers its time, which a page knows to the millisecond.</summary>
    static bool Holds(Drawing drawn, IEnumerable<(DateTime At, double Value)> rows)
    {
        var points = drawn.Time.Select((time, i) => (Time: time, Low: drawn.Low[i], High: drawn.High[i])).Where(point => point.Low is not null).ToList();
        var reached = rows.Where(row => points.Count > 0 && Seconds(row.At) >= points[0].Time).ToList();
        return reached.Count > 0 && reached.All(row =>
        {
            var last = points.FindLastIndex(point => point.Time <= Seconds(row.At));
            return Covers(last, row.Value) || (last > 0 && Seconds(row.At) - points[last].Time < 0.001 && Covers(last - 1, row.Value));
        });

        bool Covers(int point, double value) => points[point].Low <= value && value <= points[point].High;
    }

    static async Task<List<(DateTime At, double Value)>> Rows(Server server)
    {
        var csv = await server.Http.GetStringAsync("/telemetry/export?vehicle_id=1");
        return [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Select(fields =>
            (DateTime.Parse(fields[0], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), double.Parse(fields[3], CultureInfo.InvariantCulture)))];
    }

    static double Seconds(DateTime at) => (at - DateTime.UnixEpoch).TotalSeconds;
}
