using System.Net;
using System.Net.WebSockets;
using System.Text;
using Telemetry.Api.Sockets;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

public class CompressionTests
{
    static readonly WebSocketDeflateOptions InContext = new();
    static readonly WebSocketDeflateOptions EachByItself = new() { ServerContextTakeover = false, ClientContextTakeover = false };
    static readonly WebSocketDeflateOptions SmallWindow = new() { ServerMaxWindowBits = 10 };

    [Fact]
    public async Task All_clients_read_the_same_messages_with_or_without_compression()
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00");
        await using var plain = await server.Listen();
        await using var one = await server.Listen(deflate: InContext);
        await using var two = await server.Listen(deflate: EachByItself);
        await using var three = await server.Listen(deflate: SmallWindow);
        await Publish(0);
        await using var late = await server.Listen(deflate: InContext);
        await Publish(100);

        var all = await Until(plain, 199);
        (await Until(one, 199)).Should().Equal(all);
        (await Until(two, 199)).Should().Equal(all);
        (await Until(three, 199)).Should().Equal(all);
        var newest = await Until(late, 199);
        newest.Should().HaveCountLessThan(all.Count).And.BeSubsetOf(all);

        async Task Publish(int from)
        {
            for (var i = from; i < from + 100; i++) await server.Publish(($"wican/car{i % 3}/rpm", $"{i}"));
        }

        static async Task<List<string>> Until(Listener page, int rpm)
        {
            var heard = new List<string>();
            await page.Next($"rpm {rpm}", text =>
            {
                heard.Add(text);
                return text.Contains($"\"rpm\":{rpm},");
            });
            return heard;
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task It_is_agreed_on_where_it_is_offered_and_switched_on(string setting, bool agreed)
    {
        await using var server = await Server.Start($"Broadcast:Compression={setting}");
        using var request = SocketTests.UpgradeRequest(server, "");
        request.Headers.Add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        answer.Headers.Contains("Sec-WebSocket-Extensions").Should().Be(agreed);
    }

    [Fact]
    public void A_message_after_a_similar_one_takes_a_seventh()
    {
        var before = Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "running.json")));
        var message = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(before).Replace("2500", "2613"));
        Deflate.Compress(message, before).Length.Should().BeLessThan(message.Length / 7);
        Deflate.Compress(message, before: null).Length.Should().BeLessThan(message.Length * 8 / 10);
    }
}
