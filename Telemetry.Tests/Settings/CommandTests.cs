using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Settings;

/// <summary>Commands that look at a server, and what a server tells its service manager.</summary>
public class CommandTests
{
    [Fact]
    public async Task A_check_of_a_sound_setup_says_so_and_leaves_no_file()
    {
        using var folder = new TempFolder();
        await using var broker = await Mosquitto.Start();
        var (exitCode, output) = await Run(folder, "--check", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}");
        output.Should().Be($"Settings: valid.\nStore: {folder["process.db"]} can be written.\nBroker: 127.0.0.1:{broker.Port} accepts the connection.");
        exitCode.Should().Be(0);
        Directory.GetFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_check_says_what_is_wrong_with_store_and_broker()
    {
        using var folder = new TempFolder();
        var nobody = Ports.Free();
        var (exitCode, output) = await Run(folder, "--check", $"--ConnectionStrings:Telemetry=Host=127.0.0.1;Port={nobody};Username=x;Password=hidden", "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={nobody}");
        exitCode.Should().Be(1);
        output.Should().Contain("Settings: valid.").And.Match("*Store: *refused*").And.Match("*Broker: *refused*").And.NotContain("hidden");
    }

    [Fact]
    public async Task A_check_names_a_wrong_setting()
    {
        using var folder = new TempFolder();
        (await Run(folder, "--check", "--Mqtt:Port=0")).Should().Be((1, "Mqtt:Port is '0'; it takes a TCP port, 1 to 65535."));
    }

    [Fact]
    public async Task A_port_of_the_embedded_broker_that_another_program_has_is_a_fault_and_that_of_the_own_server_is_none()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (exitCode, output) = await Run(folder, "--check", $"--Broker:Port={((IPEndPoint)other.LocalEndpoint).Port}");
        (exitCode, output.Contains("is in use by another program", StringComparison.Ordinal)).Should().Be((1, true), output);

        string[] ports = [$"--Broker:Port={Ports.Free()}", $"--Urls=http://127.0.0.1:{Ports.Free()}"];
        using var server = ServerProcess.Start(folder, null, ports);
        await Eventually.Holds("the server answers", async () => (await Run(folder, ["--health", .. ports])).ExitCode == 0);
        (exitCode, output) = await Run(folder, ["--check", .. ports]);
        (exitCode, output.Contains("is in use, by the server that runs", StringComparison.Ordinal)).Should().Be((0, true), output);
        await server.Terminate();
        (exitCode, output) = await Run(folder, ["--health", .. ports]);
        exitCode.Should().Be(1);
        output.Should().StartWith("No healthy server at http://127.0.0.1:");
    }

    [Fact]
    public async Task The_service_manager_is_notified_when_the_server_is_ready_and_when_it_stops()
    {
        using var folder = new TempFolder();
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        using var server = ServerProcess.Start(folder, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = folder["notify"] });
        (await Next()).Should().Be("READY=1");
        (await Next()).Should().StartWith("STATUS=").And.NotContain("\n");
        var stopping = server.Terminate();
        string state;
        do state = await Next();
        while (state.StartsWith("STATUS=", StringComparison.Ordinal));
        state.Should().Be("STOPPING=1");
        (await stopping).Should().Be(0);

        async Task<string> Next()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var buffer = new byte[4096];
            return Encoding.UTF8.GetString(buffer, 0, await manager.ReceiveAsync(buffer, SocketFlags.None, patience.Token));
        }
    }

    static async Task<(int ExitCode, string Output)> Run(TempFolder folder, params string[] arguments)
    {
        using var command = ServerProcess.Start(folder, null, arguments);
        var exitCode = await command.WaitForExit();
        return (exitCode, command.Output);
    }
}
