using Telemetry.Api.Access;
using Telemetry.Api.Push;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Push;

/// <summary>Time for which a browser is sent alerts.</summary>
public sealed class PushRightsTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Jwt.Key, "a", 1)]
    [InlineData("another key of the tests, of more than 32 bytes", "a", 0)]
    [InlineData(Jwt.Key, "b", 0)]
    [InlineData("", "", 0)]
    public async Task A_changed_key_or_password_ends_the_messages(string key, string password, int expected)
    {
        await using (var server = await Start(Jwt.Key, "a"))
        {
            using var browser = await new PushBrowser().Subscribe(server.Http, query: $"?token={Jwt.Token()}");
            server.Service<PushSubscribers>().Valid.Should().HaveCount(1);
        }

        await using var later = await Start(key, password);
        await Eventually.Holds("the store is read", () => later.Service<PushSubscribers>().TryRefreshAsync(TestContext.Current.CancellationToken));
        later.Service<PushSubscribers>().Valid.Should().HaveCount(expected);
    }

    [Fact]
    public async Task A_logout_ends_the_messages()
    {
        await using var server = await Start(Jwt.Key, "a");
        var (mine, other) = (Jwt.Token(), Jwt.Token(TimeSpan.FromHours(2)));
        using var browser = await new PushBrowser().Subscribe(server.Http, query: $"?token={mine}");
        using var elsewhere = await new PushBrowser().Subscribe(server.Http, query: $"?token={other}");
        using var answer = await server.Http.PostAsync($"/logout?token={mine}", null);
        server.Service<PushSubscribers>().Valid.Select(subscriber => subscriber.Endpoint).Should().Equal(elsewhere.Endpoint);
        (await server.Service<PushSubscribers>().TryRefreshAsync(TestContext.Current.CancellationToken)).Should().BeTrue();
        server.Service<PushSubscribers>().Valid.Select(subscriber => subscriber.Endpoint).Should().Equal(elsewhere.Endpoint);
        await browser.Subscribe(server.Http, query: $"?token={other}");
        server.Service<PushSubscribers>().Valid.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_logout_ends_the_messages_also_if_the_server_ends_before_the_store_has_it()
    {
        await using (var server = await Start(Jwt.Key, "a"))
        {
            var mine = Jwt.Token();
            using var browser = await new PushBrowser().Subscribe(server.Http, query: $"?token={mine}");
            using var answer = await server.Http.PostAsync($"/logout?token={mine}", null);
            server.Service<PushSubscribers>().Valid.Should().BeEmpty();
        }

        await using var later = await Start(Jwt.Key, "a");
        await Eventually.Holds("the store is read", () => later.Service<PushSubscribers>().TryRefreshAsync(TestContext.Current.CancellationToken));
        later.Service<PushSubscribers>().Valid.Should().BeEmpty();
    }

    [Fact]
    public void A_page_that_is_not_opened_for_90_days_ends_the_messages()
    {
        var now = new DateTime(2026, 11, 26, 12, 0, 0, DateTimeKind.Utc);
        var rights = new PushRights(new AuthSettings());
        rights.IsValid(SeenAt(now.AddDays(-89)), now).Should().BeTrue();
        rights.IsValid(SeenAt(now.AddDays(-90)), now).Should().BeFalse();

        static PushSubscriber SeenAt(DateTime time) => new() { SeenAt = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond };
    }

    Task<Server> Start(string key, string password)
    {
        string[] login = key == "" ? [] : [$"Auth:SigningKey={key}", "Auth:Username=me", $"Auth:PasswordHash={Hashes[password]}"];
        return Server.Start([$"History:SqlitePath={_folder["kept.db"]}", $"History:SpoolPath={_folder["kept-spool.db"]}", .. login]);
    }

    static readonly Dictionary<string, string> Hashes = new() { ["a"] = Passwords.Hash("a"), ["b"] = Passwords.Hash("b") };
}
