using System.Net.Sockets;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Settings;

/// <summary>A process with few file handles, and more connections than it has handles for.</summary>
public class HandleLimitTests
{
    const int Handles = 512;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Idle_connections_end_neither_the_process_nor_the_way_in_for_ever(bool ofBroker)
    {
        using var folder = new TempFolder();
        var (port, brokerPort) = (Ports.Free(), Ports.Free());
        using var server = Daemon.Start("bash",
        [
            "-c", $"ulimit -n {Handles}; exec dotnet \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "Telemetry.Api.dll"),
            $"--Urls=http://127.0.0.1:{port}", $"--Broker:Port={brokerPort}", $"--History:SqlitePath={folder["few.db"]}", $"--History:SpoolPath={folder["few-spool.db"]}",
        ]);
        await Eventually.Holds("the server answers", () => Ports.Answers(port));
        await Eventually.Holds("it says that the handles are too few", () => server.Output.Contains($"The limit of {Handles} open files leaves") && server.Output.Contains("Broadcast:MaxClients"));

        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 2 * Handles; i++)
            {
                var client = new TcpClient();
                idle.Add(client);
                await Connect(client, ofBroker ? brokerPort : port);
            }

            await Eventually.Holds("requests are answered again while those connections are still there", async () => !server.HasExited && await IsAnswered(port), TimeSpan.FromSeconds(40));
            (await Loads(port, "/metrics")).Should().BeTrue("there are handles left for what has not been loaded yet");
            server.HasExited.Should().BeFalse();
        }
        finally
        {
            foreach (var client in idle) client.Dispose();
        }

        (await server.Terminate()).Should().Be(0);
        server.Output.Should().NotContain("Unhandled exception").And.NotContain("   at ");
    }

    [Theory]
    [InlineData(160)]
    [InlineData(299)]
    public async Task Too_few_handles_to_start_are_one_line(int handles)
    {
        using var server = Daemon.Start("bash", ["-c", $"ulimit -n {handles}; exec dotnet \"$0\" \"$@\"", Path.Combine(AppContext.BaseDirectory, "Telemetry.Api.dll")]);
        (await server.WaitForExit()).Should().Be(1);
        server.Output.Trim().Should().Be($"The limit of open files is {handles}, and the server needs at least 300 to start: raise it (ulimit -n, LimitNOFILE).");
    }

    static async Task Connect(TcpClient client, int port)
    {
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
        }
        catch (SocketException)
        {
            // One too many: turned away before it knew that it was connected.
        }
    }

    static async Task<bool> IsAnswered(int port)
    {
        try
        {
            return await Loads(port, "/telemetry/latest") && await Loads(port, "/drives");
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return false; // Turned away.
        }
    }

    static async Task<bool> Loads(int port, string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync($"http://127.0.0.1:{port}{path}");
        return answer.IsSuccessStatusCode;
    }
}
