using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Telemetry.Api;
using Telemetry.Api.Hosting;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Settings;

/// <summary>A start that cannot be: the program as the operator sees it.</summary>
public class StartTests
{
    [Theory]
    [InlineData("--Presence:Timeout=10", "Presence:Timeout is '10'; it takes a duration as hh:mm:ss, 00:00:01 to 23:59:59, or auto.")]
    [InlineData("--Urls=abc", "Urls is 'abc', which cannot be opened (Invalid url: 'abc'); it takes addresses of this machine *")]
    [InlineData("--Urls=http://localhost:99999", "Urls is 'http://localhost:99999', which cannot be opened (*'port'*); it takes *")]
    [InlineData("--Urls=http://192.0.2.1:28000 --Auth:AllowAnonymous=true", "Urls is 'http://192.0.2.1:28000', which cannot be opened (Cannot assign requested address); it takes *")]
    [InlineData("--Urls=https://127.0.0.1:0", "Urls is 'https://127.0.0.1:0', which needs a certificate (*): set Kestrel:Certificates:Default:Path *")]
    [InlineData("--Kestrel:Endpoints:Http:Url=abc", "Kestrel:Endpoints has 'abc', which cannot be opened (*); it takes *")]
    [InlineData("--Kestrel:Certificates:Default:Path=/nowhere.pem --Urls=https://127.0.0.1:0",
        "Urls is 'https://127.0.0.1:0', which needs a certificate (Could not find file '/nowhere.pem'): set *")]
    public async Task What_cannot_be_is_one_line_and_an_exit_code(string arguments, string expected)
    {
        using var folder = new TempFolder();
        // A developer's own certificate would be found in his home.
        using var server = ServerProcess.Start(folder, new Dictionary<string, string> { ["HOME"] = folder.Path }, arguments.Split(' '));
        (await server.WaitForExit()).Should().Be(1);
        server.Output.Should().Match(expected).And.NotContain("\n");
    }

    [Theory]
    [InlineData("cert.pem", "other-key.pem")]
    [InlineData("cert.pem", "no-key.pem")]
    [InlineData("cert.pem", "")]
    [InlineData("no-key.pem", "key.pem")]
    public async Task A_certificate_without_its_key_is_an_error_of_one_line(string certificate, string key)
    {
        using var folder = new TempFolder();
        var (issued, owned) = CertificateAuthority.Pem("localhost");
        await File.WriteAllTextAsync(folder["cert.pem"], issued);
        await File.WriteAllTextAsync(folder["key.pem"], owned);
        await File.WriteAllTextAsync(folder["other-key.pem"], CertificateAuthority.Pem("localhost").Key);
        await File.WriteAllTextAsync(folder["no-key.pem"], "nonsense");
        string[] arguments = ["--Urls=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={folder[certificate]}", .. key == "" ? Array.Empty<string>() : [$"--Kestrel:Certificates:Default:KeyPath={folder[key]}"]];
        using var server = ServerProcess.Start(folder, new Dictionary<string, string> { ["HOME"] = folder.Path }, arguments);
        (await server.WaitForExit()).Should().Be(1);
        server.Output.Should().Match("Urls is 'https://127.0.0.1:0', which needs a certificate (*): set Kestrel:Certificates:Default:Path *").And.NotContain("\n");
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_of_one_line()
    {
        using var folder = new TempFolder();
        await using var other = await Server.Start();
        using var http = ServerProcess.Start(folder, null, "--urls", other.Address.ToString());
        (await http.WaitForExit()).Should().Be(1);
        http.Output.Should().Match($"Urls is '{other.Address}', which cannot be opened (*address already in use); it takes *").And.NotContain("\n");
        using var broker = ServerProcess.Start(folder, null, $"--Broker:Port={other.BrokerPort}");
        (await broker.WaitForExit()).Should().Be(1);
        broker.Output.Should().Match($"Broker:Port {other.BrokerPort} on 127.0.0.1 cannot be opened (*): set *").And.NotContain("\n");
    }

    [Fact]
    public async Task The_log_begins_with_the_version_and_a_start_ends_with_the_address_to_open()
    {
        using var folder = new TempFolder();
        using var server = ServerProcess.Start(folder, null);
        await Eventually.Holds("it has started", () => server.Output.Contains("Open http://127.0.0.1:"));
        server.Output.Split('\n')[1].Trim().Should().StartWith($"Telemetry {ProductVersion.Text}, listening on http://127.0.0.1:");
        server.Output[server.Output.IndexOf("Open http", StringComparison.Ordinal)..].Should().NotContain("Application started");
    }

    [Fact]
    public async Task A_loop_that_fails_is_started_again_and_the_log_says_why()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["process-spool.deliveries"]);
        using var server = ServerProcess.Start(folder, null, "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={Ports.Free()}");
        await Eventually.Holds("the failure is logged", () => server.Output.Contains("A background loop ended unexpectedly and will be restarted: "));
        server.Output.Should().Contain("process-spool.deliveries");
    }

    [Fact]
    public async Task A_request_that_comes_during_the_start_is_answered_after_it()
    {
        using var folder = new TempFolder();
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var port = Ports.Free();
        await using var app = Program.Build(CommandLine.Parse(
        [
            $"--Urls=http://127.0.0.1:{port}", $"--Broker:Port={Ports.Free()}", $"--History:SpoolPath={folder["spool.db"]}", "--Logging:LogLevel:Default=None",
            $"--ConnectionStrings:Telemetry=Host=127.0.0.1;Port={((IPEndPoint)hanging.LocalEndpoint).Port};Username=telemetry;Timeout=2;SSL Mode=Disable",
        ]));
        var start = app.StartAsync();
        await Eventually.Holds("the port is open", () => Ports.Answers(port));
        start.IsCompleted.Should().BeFalse();
        using var client = new HttpClient();
        var ready = await client.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/health/ready");
        ready.GetProperty("checks").GetProperty("broker").GetProperty("status").GetString().Should().Be("healthy");
        await start;
        await app.StopAsync();
    }
}
