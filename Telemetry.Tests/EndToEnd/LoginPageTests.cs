using Microsoft.Playwright;
using Telemetry.Api.Access;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The way in and out for the one user, where the server lets in nobody else.</summary>
public class LoginPageTests(Browser browser)
{
    const string Problem = ".entry-problem";

    static Task<Server> Start() => Server.Start(Jwt.On, "Auth:Username=driver", $"Auth:PasswordHash={Passwords.Hash("secret")}", "Presence:Timeout=01:00:00");

    static async Task LogIn(Tab tab, string password)
    {
        await tab.Page.Locator("[name=username]").FillAsync("driver");
        await tab.Page.Locator("[name=password]").FillAsync(password);
        await tab.Page.Keyboard.PressAsync("Enter");
    }

    [Theory]
    [InlineData("?vehicle_id=1", "kpi-card[data-signal=rpm] .kpi-value")]
    [InlineData("analytics.html?vehicle_id=1", "signal-chart[data-chart=rpm] .chart-value")]
    [InlineData("fleet.html?state=running", "[data-vehicle='1'] .fleet-name a")]
    public async Task Each_page_leads_to_the_login_and_the_login_back_to_it(string page, string shown)
    {
        await using var server = await Start();
        await server.Publish(("wican/rpm", "900"));
        await using var tab = await browser.Open(server, page);
        await Assertions.Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Log in");
        await LogIn(tab, "wrong");
        await tab.Shows(Problem, "Username or password is wrong.");
        await Axe.FindsNothing(tab, "refused");
        await LogIn(tab, "secret");
        await Assertions.Expect(tab.Page.Locator(shown)).ToHaveTextAsync(page.StartsWith("fleet", StringComparison.Ordinal) ? "Vehicle 1" : "900");
        tab.Page.Url.Should().Be(new Uri(server.Address, page).AbsoluteUri);
        await tab.Shows(Places.Link, "Connected");
    }

    [Fact]
    public async Task Axe_finds_nothing_in_French_either()
    {
        await using var server = await Start();
        await using var tab = await browser.Open(server, "login.html", with: settings => settings.Locale = "fr-FR");
        await LogIn(tab, "wrong");
        await Assertions.Expect(tab.Page.Locator(Problem)).Not.ToBeEmptyAsync();
        await Axe.FindsNothing(tab, "refused");
    }

    [Fact]
    public async Task A_logout_ends_it_and_leaves_no_values_behind()
    {
        await using var server = await Start();
        await server.Publish(("wican/rpm", "900"));
        await using var tab = await browser.Open(server);
        await LogIn(tab, "secret");
        await tab.Shows(Places.Card("rpm"), "900 rpm");
        await Eventually.Holds("the last values are kept", () => Kept(tab));
        await Axe.FindsNothing(tab, "logged in");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Log out driver" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Log in");
        (await Kept(tab)).Should().BeFalse();
        await tab.Page.GotoAsync(server.Address.AbsoluteUri);
        await Assertions.Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Log in");
    }

    static Task<bool> Kept(Tab tab) => tab.Page.EvaluateAsync<bool>("() => localStorage.getItem('last-values') !== null");

    [Fact]
    public async Task After_too_many_tries_it_says_when_the_next_one_may_be()
    {
        await using var server = await Start();
        await using var tab = await browser.Open(server, "login.html");
        for (var i = 0; i < 5; i++)
        {
            await LogIn(tab, $"wrong {i}");
            await tab.Shows(Problem, "Username or password is wrong.");
        }

        await LogIn(tab, "secret");
        await Assertions.Expect(tab.Page.Locator(Problem)).ToContainTextAsync("Too many attempts. Try again in ");
    }

    [Fact]
    public async Task Without_logins_the_page_says_so_and_shows_no_form()
    {
        await using var server = await Server.Start(Jwt.On);
        await using var tab = await browser.Open(server);
        await tab.Shows(Problem, "This server has no login: it requires a token.");
        await tab.Hides("form");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task It_leads_to_pages_of_this_server_only(string next)
    {
        await using var server = await Start();
        await using var tab = await browser.Open(server, $"login.html?next={Uri.EscapeDataString(next)}");
        await LogIn(tab, "secret");
        await tab.Shows(Places.Link, "Connected");
        tab.Page.Url.Should().Be(server.Address.AbsoluteUri);
    }
}
