using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Telemetry.Tests.Support;
using static Telemetry.Tests.EndToEnd.DrivesPage;
using static Telemetry.Tests.EndToEnd.StoredReadings;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The page of drives: the list, the link to a moment of a drive, and the export of one.</summary>
public class DrivesPageTests(Browser browser)
{
    static readonly DateTime Evening = Morning.AddHours(10);

    [Fact]
    public async Task The_list_holds_the_drives_of_the_vehicle_with_what_they_were()
    {
        await using var server = await StartServer([.. Drive(Morning), .. Drive(Evening, seconds: 300), .. Drive(Morning.AddDays(-40)), .. Drive(Morning.AddHours(1), "van")]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(2);
        await tab.Shows("drive-count", FormattableString.Invariant($"2 drives since {DateTime.UtcNow.AddDays(-30):MMMM d}"));
        await tab.Shows(".day-name", Morning.ToString("dddd, MMMM d", CultureInfo.InvariantCulture));
        await tab.Shows($"{Rows} >> nth=0 >> .drive-times", "17:00 – 17:05");
        await tab.Shows($"{Rows} >> nth=1 >> .drive-times", "07:00 – 07:10");
        await tab.Shows($"{Rows} >> nth=1 >> .drive-length", "10 min");
        // 0 to 60 km/h, evenly.
        await tab.Shows($"{Rows} >> nth=1 >> .drive-distance", "5.0 km");
        await tab.Shows($"{Rows} >> nth=1 >> .drive-max", "max 60 km/h");
        await Eventually.Holds("the speed is drawn", async () => (await tab.Page.Locator($"{Rows} .profile-line").First.GetAttributeAsync("d"))?.Length > 100);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Look further back" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(3);

        await tab.Page.Locator("vehicle-switch select").SelectOptionAsync("2");
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(1);
        await tab.Shows($"{Rows} .drive-times", "08:00 – 08:10");
        await tab.Shows(Places.Title, "Vehicle 2");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Regex(@"drives\.html\?vehicle_id=2$"));
        await Assertions.Expect(tab.Page.Locator("nav.pages a >> nth=0")).ToHaveAttributeAsync("href", new Regex("vehicle_id=2$"));
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task After_the_way_back_the_list_is_up_to_date()
    {
        await using var server = await StartServer([.. Drive(Morning.AddDays(-1)), .. Drive(Morning)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(2);
        await server.Import([.. Drive(Morning.AddMinutes(11), seconds: 240), .. Drive(Evening)]);
        await server.StoreIs("direct"); // A slow store gets the readings from the spool, later.
        await tab.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(3);
        await tab.Shows($"{Rows} >> nth=0 >> .drive-times", "17:00 – 17:10");
        await tab.Shows($"{Rows} >> nth=1 >> .drive-times", "07:00 – 07:15");
        await tab.Page.Locator($"{Rows} >> nth=1").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".head-day")).ToContainTextAsync("07:00 – 07:15");
    }

    [Fact]
    public async Task Without_drives_the_page_says_so_and_without_the_server_it_tries_again()
    {
        await using var server = await StartServer(Drive(Morning.AddDays(-70)).ToArray());
        await using var tab = await browser.OpenDrives(server, "");
        await Assertions.Expect(tab.Page.Locator(".days-none")).ToContainTextAsync("No drive since");
        await tab.Shows(Places.Link, "Connected");
        await tab.Hides(".player");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Look further back" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Look further back" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(1);

        await tab.Page.RouteAsync("**/drives?*", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = """{"detail":"The store cannot be read now."}""" }));
        await tab.Page.ReloadAsync();
        await tab.Shows(".days-problem", "The drives cannot be read: The store cannot be read now.");
        await Assertions.Expect(tab.Page.Locator(Places.Link)).ToContainTextAsync("Reconnecting");
        await tab.Page.UnrouteAllAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".days-none")).ToContainTextAsync("No drive since");
        await tab.Shows(Places.Link, "Connected");
    }

    [Fact]
    public async Task However_long_the_vehicle_stood_the_drive_before_is_found_step_by_step()
    {
        await using var server = await StartServer([.. Drive(Morning), .. Drive(Morning.AddDays(-470))]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1");
        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(1);
        for (var months = 2; months <= 16; months++)
        {
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Look further back" }).ClickAsync();
            await Assertions.Expect(tab.Page.Locator("drive-count")).ToContainTextAsync(DateTime.UtcNow.AddDays(-30 * months).ToString("MMMM d", CultureInfo.InvariantCulture));
        }

        await Assertions.Expect(tab.Page.Locator(Rows)).ToHaveCountAsync(2);
        await tab.Shows($"{Rows} >> nth=1 >> .drive-length", "10 min");
    }

    [Fact]
    public async Task A_link_leads_to_its_moment_and_the_way_back_to_what_was_shown_before()
    {
        await using var server = await StartServer([.. Drive(Morning), .. Drive(Evening)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(250)), 390);
        await tab.Shows(Places.Card("rpm"), Rpm(250));
        await tab.Hides("drive-list");
        await tab.Page.Locator(".player-back").ClickAsync();
        await Assertions.Expect(tab.Page.Locator("drive-list")).ToBeVisibleAsync();
        await tab.Hides(".player");
        await tab.Page.Locator($"{Rows} >> nth=0").ClickAsync();
        await tab.Shows(".head-day", Evening.ToString("dddd, MMMM d", CultureInfo.InvariantCulture) + ", 17:00 – 17:10");
        await tab.Shows(Places.Card("rpm"), Rpm(1));
        await tab.Page.GoBackAsync();
        await Assertions.Expect(tab.Page.Locator("drive-list")).ToBeVisibleAsync();
        await tab.Page.GoBackAsync();
        await tab.Shows(Places.Card("rpm"), Rpm(250));

        // Between two drives the nearest is meant.
        await tab.Page.EvaluateAsync("hash => { location.hash = hash; }", At(Morning.AddMinutes(30)));
        await tab.Shows(Places.Card("rpm"), Rpm(600));
        await tab.Shows(Time, "07:10:00");
        tab.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_export_is_every_reading_of_the_drive()
    {
        await using var server = await StartServer([.. Drive(Morning), .. Drive(Evening)]);
        await using var tab = await browser.OpenDrives(server, "?vehicle_id=1" + At(Morning.AddSeconds(250)));
        await tab.Shows(Places.Card("rpm"), Rpm(250));
        var file = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.Locator("export-link a").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await file.PathAsync());
        lines.Should().HaveCount(1 + 1202).And.Contain($"{Morning:yyyy-MM-dd}T07:00:00.000000Z,default,rpm,1000").And.Contain($"{Morning:yyyy-MM-dd}T07:10:00.000000Z,default,rpm,1600");
    }
}
