using System.Globalization;
using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public partial class OutsideBrokerTests
{
    static async Task<Server> StartServer(Mosquitto broker, params string[] settings)
    {
        var server = await Server.Start(["Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.Port}", .. settings]);
        return server;
    }

    [Fact]
    public async Task Messages_of_mosquitto_reach_the_page()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await StartServer(broker);
        await using var page = await server.Listen();
        await server.BrokerIs("healthy");
        await broker.Publish("wican/rpm", "2500");
        await page.Next("the value", text => text.Contains("\"running\"") && text.Contains("\"rpm\":2500,"));
    }

    [Fact]
    public async Task A_retained_message_gives_a_value_and_does_not_make_a_vehicle_running()
    {
        await using var broker = await Mosquitto.Start();
        await broker.Publish("wican/car7/rpm", "2500", "-r");
        await using var server = await StartServer(broker);
        await using var page = await server.Listen();
        var message = await page.Next("the retained value", text => text.Contains("\"rpm\":2500,"));
        message.Should().Contain("\"state\":\"offline\"");

        // The same topic published now, with the flag still set by the dongle, is fresh.
        await broker.Publish("wican/car7/rpm", "2600", "-r");
        await page.Next("the fresh value", text => text.Contains("\"running\"") && text.Contains("\"rpm\":2600,"));
    }

    [Fact]
    public async Task After_the_broker_was_away_the_subscription_is_back()
    {
        await using var broker = await Mosquitto.Start();
        await using var server = await StartServer(broker);
        await server.BrokerIs("healthy");
        await broker.Stop();
        await server.BrokerIs("unhealthy");
        await broker.Resume();
        await server.BrokerIs("healthy");
        await using var page = await server.Listen();
        await broker.Publish("wican/rpm", "2500");
        await page.Next("the value", text => text.Contains("\"rpm\":2500,"));
    }

    [Fact]
    public async Task Another_client_with_the_same_id_is_reported_and_replaced_at_growing_intervals()
    {
        await using var broker = await Mosquitto.Start();
        using var folder = new TempFolder();
        using var server = ServerProcess.Start(folder, null, "--Mqtt:Host=127.0.0.1", $"--Mqtt:Port={broker.Port}", "--Mqtt:ClientId=twin");
        for (var round = 1; round <= 3; round++)
        {
            await Eventually.Holds($"the server is subscribed {round} times", () => server.Output.Split("📡 Abonné au topic").Length > round);
            await using var twin = await Car.Connect(broker.Port, "twin");
            await Eventually.Holds($"it was thrown out {round} times", () => Waits(server).Count == round);
        }

        // About 1, 2 and 4 s, each ±25 %.
        Waits(server)[1].Should().BeGreaterThan(1.4);
        Waits(server)[2].Should().BeGreaterThan(2.9);
        server.Output.Should().Contain("another client uses the client id 'twin', so each disconnects the other: give each server its own Mqtt:ClientId");
    }

    static List<double> Waits(Daemon server) => [.. NextTry().Matches(server.Output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"retrying in (\S+) s")]
    private static partial Regex NextTry();

    [Fact]
    public async Task Two_servers_with_one_id_say_so_when_asked_for_their_health()
    {
        await using var broker = await Server.Start(); // Unlike an old Mosquitto, it gives the reason.
        string[] settings = ["Mqtt:Host=127.0.0.1", $"Mqtt:Port={broker.BrokerPort}", "Mqtt:ClientId=twin"];
        await using var one = await Server.Start(settings);
        await one.BrokerIs("healthy");
        await using var other = await Server.Start(settings);
        await Eventually.Holds("it is told", async () => (await one.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("problem").GetString()
            == "another client uses the client id 'twin', so each disconnects the other: give each server its own Mqtt:ClientId");
    }

    [Fact]
    public async Task User_and_password_are_used_and_a_wrong_one_is_reported()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["users"], "");
        (await Daemon.Run(Require.Program("mosquitto_passwd"), "-b", folder["users"], "server", "secret")).ExitCode.Should().Be(0);
        await using var broker = await Mosquitto.Start("allow_anonymous false", $"password_file {folder["users"]}");
        await using var good = await StartServer(broker, "Mqtt:Username=server", "Mqtt:Password=secret");
        await good.BrokerIs("healthy");
        await using var bad = await StartServer(broker, "Mqtt:Username=server", "Mqtt:Password=wrong");
        await Eventually.Holds("the refusal is told", async () =>
            (await bad.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("problem").GetString()!.Contains("NotAuthorized"));
    }

    [Fact]
    public async Task A_broker_with_tls_is_refused_while_its_certificate_is_not_trusted()
    {
        using var folder = new TempFolder();
        var openssl = Require.Program("openssl");
        (await Daemon.Run(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder["key.pem"], "-out", folder["cert.pem"])).ExitCode.Should().Be(0);
        await using var broker = await Mosquitto.Start("allow_anonymous true", $"certfile {folder["cert.pem"]}", $"keyfile {folder["key.pem"]}");
        await using var untrusting = await StartServer(broker, "Mqtt:Host=localhost", "Mqtt:UseTls=true");
        await Eventually.Holds("the certificate is refused", async () =>
            (await untrusting.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("problem").GetString()!.Contains("certificate"));

        // Trust is the operating system's; a process of its own gets this one certificate.
        using var server = ServerProcess.Start(folder, new Dictionary<string, string> { ["SSL_CERT_FILE"] = folder["cert.pem"] },
            "--Mqtt:Host=localhost", $"--Mqtt:Port={broker.Port}", "--Mqtt:UseTls=true");
        await Eventually.Holds("the server is subscribed over TLS", () => server.Output.Contains("📡 Abonné au topic: wican/#"));
    }

    [Fact]
    public async Task A_broker_of_ones_own_authority_is_trusted_and_is_shown_the_servers_certificate()
    {
        using var folder = new TempFolder();
        var openssl = Require.Program("openssl");
        async Task Issue(string name, params string[] more) => (await Daemon.Run(openssl, ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", folder[$"{name}.key"], "-out", folder[$"{name}.pem"], .. more])).ExitCode.Should().Be(0);
        await Issue("ca", "-subj", "/CN=Home");
        string[] issuer = ["-CA", folder["ca.pem"], "-CAkey", folder["ca.key"]];
        await Issue("broker", ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE", .. issuer]);
        await Issue("server", ["-subj", "/CN=telemetry", "-addext", "basicConstraints=critical,CA:FALSE", .. issuer]);
        await using var broker = await Mosquitto.Start("allow_anonymous true", $"certfile {folder["broker.pem"]}", $"keyfile {folder["broker.key"]}", $"cafile {folder["ca.pem"]}", "require_certificate true", "use_identity_as_username true");
        string[] trusting = ["Mqtt:Host=localhost", "Mqtt:UseTls=true", $"Mqtt:CertificateAuthority={folder["ca.pem"]}"];

        await using var known = await StartServer(broker, [.. trusting, $"Mqtt:Certificate={folder["server.pem"]}", $"Mqtt:CertificateKey={folder["server.key"]}"]);
        await known.BrokerIs("healthy");
        await using var unknown = await StartServer(broker, trusting);
        await unknown.BrokerIs("unhealthy");
        await Issue("stranger", "-subj", "/CN=Stranger");
        await using var distrusting = await StartServer(broker, "Mqtt:Host=localhost", "Mqtt:UseTls=true", $"Mqtt:CertificateAuthority={folder["stranger.pem"]}", $"Mqtt:Certificate={folder["server.pem"]}", $"Mqtt:CertificateKey={folder["server.key"]}");
        await Eventually.Holds("the broker's certificate is refused", async () =>
            (await distrusting.Ready()).GetProperty("checks").GetProperty("broker").GetProperty("problem").GetString()!.Contains("certificate"));

        using var wrong = ServerProcess.Start(folder, null, "--Mqtt:Host=localhost", "--Mqtt:UseTls=true", $"--Mqtt:Certificate={folder["server.pem"]}");
        (await wrong.WaitForExit()).Should().Be(1);
        wrong.Output.Should().StartWith($"Mqtt:Certificate '{folder["server.pem"]}' cannot be used (").And.NotContain("\n");
    }
}
