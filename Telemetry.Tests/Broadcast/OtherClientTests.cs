using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>Clients of other makes receive the same messages, compressed as they ask for it.</summary>
public class OtherClientTests
{
    const string Listen = """
        import WebSocket from 'ws';
        const socket = new WebSocket(process.argv[1], { perMessageDeflate: JSON.parse(process.argv[2]) });
        socket.on('open', () => console.log(`open: ${socket.extensions}`));
        socket.on('message', (text) => {
          console.log(`${text}`);
          if (`${text}`.includes('"rpm":99,')) socket.close(1000);
        });
        socket.on('close', (code) => console.log(`closed: ${code}`));
        socket.on('error', (error) => console.log(`error: ${error.message}`));
        """;

    [Theory]
    [InlineData("false", "open: ")]
    [InlineData("true", "open: permessage-deflate")]
    [InlineData("""{"serverNoContextTakeover":true,"clientNoContextTakeover":true}""", "open: permessage-deflate")]
    [InlineData("""{"serverMaxWindowBits":10}""", "open: permessage-deflate")]
    public async Task Node_reads_the_same_messages(string deflate, string agreed)
    {
        await using var server = await Server.Start("Stream:UpdateInterval=00:00:00");
        await using var page = await server.Listen();
        var before = await page.Next();
        using var node = Daemon.Start(Require.Program("node"), ["--input-type=module", "-e", Listen, $"ws://{server.Address.Authority}/ws/telemetry", deflate], workingDirectory: Repository.Top);
        await Eventually.Holds("it has the first message", () => Lines().Contains(before));
        await using (var car = await Car.Connect(server.BrokerPort))
            for (var rpm = 0; rpm < 100; rpm++) await car.Publish("wican/rpm", $"{rpm}");

        var heard = new List<string> { before };
        await page.Next("the last", text =>
        {
            heard.Add(text);
            return text.Contains("\"rpm\":99,");
        });
        (await node.WaitForExit()).Should().Be(0, node.Output);
        Lines().Should().Equal([agreed, .. heard, "closed: 1000"]);

        string[] Lines() => node.Output.Split('\n');
    }
}
