using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Deploy;

/// <summary>HTTPS with Compose: the files parsed strictly, and their server started by its own command behind a real Caddy with the file that Compose mounts. No container runs here.</summary>
public sealed partial class HttpsComposeTests : IDisposable
{
    const string Name = "car.example";
    const string Password = "a $ecret of 'mine'";

    static readonly string Main = File.ReadAllText(Path.Combine(Repository.Top, "compose.yaml"));
    static readonly string Overlay = File.ReadAllText(Path.Combine(Repository.Top, "deploy", "compose", "https.yaml"));

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_have_only_fields_that_Compose_knows()
    {
        var (main, overlay) = (ComposeFile.Parse(Main), ComposeFile.Parse(Overlay));
        main.Services.Keys.Should().Equal("server", "mosquitto", "postgres");
        overlay.Services.Keys.Should().Equal("server", "caddy");
        foreach (var field in (string[])["entrypoint:", "depends_on:", "environment:", "ipam:", "subnet:"])
        {
            var misspelt = () => Known(ComposeFile.Parse(Overlay.Replace(field, $"x{field}", StringComparison.Ordinal)));
            misspelt.Should().Throw<Exception>(field);
        }

        Known(overlay);
        Known(main);
    }

    [Fact]
    public void What_is_named_is_defined()
    {
        var (main, overlay) = (ComposeFile.Parse(Main), ComposeFile.Parse(Overlay));
        var all = main.Services.Concat(overlay.Services).Select(service => service.Value).ToList();
        all.SelectMany(service => service.Secrets).Should().BeSubsetOf(main.Secrets.Keys.Concat(overlay.Secrets.Keys));
        all.SelectMany(service => service.DependsOn.Keys).Should().BeSubsetOf(main.Services.Keys.Concat(overlay.Services.Keys));
        foreach (var volume in all.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]))
        {
            if (volume.StartsWith('.')) File.Exists(Path.Combine(Repository.Top, volume)).Should().BeTrue($"paths begin at the top of the repository: {volume}");
            else main.Volumes.Keys.Concat(overlay.Volumes.Keys).Should().Contain(volume);
        }

        // The overlay's command replaces the main one, so it must pass on the same secrets.
        main.Services["server"].Secrets.Should().BeSubsetOf(overlay.Services["server"].Secrets);
        var address = (string)((Dictionary<object, object>)((Dictionary<object, object>)overlay.Services["caddy"].Networks!)["front"])["ipv4_address"];
        overlay.Services["server"].Environment["TrustedProxies"].Should().Be(address);
        IPNetwork.Parse(overlay.Networks["front"].Ipam!.Config.Single()["subnet"]).Contains(IPAddress.Parse(address)).Should().BeTrue();
        overlay.Services["server"].Ports.Should().BeEmpty("only Caddy is open to the network");

        var example = File.ReadAllText(Path.Combine(Repository.Top, ".env.example"));
        var variables = Variable().Matches(Main + Overlay).Select(match => match.Groups["name"].Value).Concat(main.Secrets.Concat(overlay.Secrets).Select(secret => secret.Value.Environment!));
        variables.Should().OnlyContain(variable => Regex.IsMatch(example, $"(?m)^#?{variable}="));
    }

    [Fact]
    public async Task Caddy_and_the_server_give_pages_sockets_and_logins_over_https()
    {
        var (http, https, port, broker) = (Ports.Free(), Ports.Free(), Ports.Free(), Ports.Free());
        using var server = StartServer(port, broker);
        using var caddy = StartCaddy(http, https, port);
        await Eventually.Holds("both listen or have ended", async () => server.HasExited || caddy.HasExited || await Ports.Answers(port) && await Ports.Answers(https), TimeSpan.FromSeconds(60));
        server.HasExited.Should().BeFalse(server.Output);
        caddy.HasExited.Should().BeFalse(caddy.Output);
        using var handler = await Trusting(https);
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://{Name}:{https}") };

        using var page = await client.GetAsync("/");
        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Headers.GetValues("Strict-Transport-Security").Single().Should().Be("max-age=31536000");
        (await client.GetAsync("/vehicles")).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a login is required");

        using var login = await client.PostAsJsonAsync("/login", new { username = "telemetry", password = Password });
        login.StatusCode.Should().Be(HttpStatusCode.NoContent, server.Output);
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        cookie.Should().StartWith("__Host-telemetry_token=").And.ContainEquivalentOf("secure").And.ContainEquivalentOf("httponly");

        // As a page: with its origin, which is the public one, and the cookie.
        await using var listener = await Listener.ConnectThrough(
            new Uri($"wss://{Name}:{https}/ws/telemetry"), new HttpMessageInvoker(handler, disposeHandler: false), $"https://{Name}:{https}", ("Cookie", cookie.Split(';')[0]));
        await using var car = await Car.Connect(broker);
        await car.Publish("wican/rpm", "2500");
        await listener.Next("the reading", message => message.Contains("\"rpm\":2500", StringComparison.Ordinal));

        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{http}/fleet") { Headers = { Host = Name } };
        using var redirect = await plain.SendAsync(request);
        redirect.StatusCode.Should().Be(HttpStatusCode.PermanentRedirect);
        redirect.Headers.Location!.ToString().Should().StartWith($"https://{Name}").And.EndWith("/fleet");

        (await server.Terminate()).Should().Be(0, server.Output);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(_folder["data/signing.key"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    // The command of the server's container with the files' environment; only paths, ports, broker and store are those of the test.
    Daemon StartServer(int port, int broker)
    {
        var overlay = ComposeFile.Parse(Overlay).Services["server"];
        var environment = new Dictionary<string, string>(ComposeFile.Parse(Main).Services["server"].Environment);
        foreach (var (name, value) in overlay.Environment) environment[name] = Variable().Replace(value, Name);
        var own = new Dictionary<string, string>
        {
            ["Urls"] = $"http://127.0.0.1:{port}",
            ["TrustedProxies"] = "127.0.0.1",
            ["Mqtt__Host"] = "",
            ["Broker__Port"] = $"{broker}",
            ["ConnectionStrings__Telemetry"] = "",
        };
        foreach (var (name, value) in own) environment[name] = value;
        Directory.CreateDirectory(_folder["data"]);
        Directory.CreateDirectory(_folder["secrets"]);
        foreach (var secret in overlay.Secrets) File.WriteAllText(_folder[$"secrets/{secret}"], secret == "login_password" ? Password : "choose-one");
        var command = overlay.Entrypoint.Select(word => word.Replace("$$", "$", StringComparison.Ordinal)
            .Replace("/run/secrets", _folder["secrets"], StringComparison.Ordinal).Replace("/app/", AppContext.BaseDirectory, StringComparison.Ordinal)).ToList();
        return Daemon.Start(Require.Program(command[0]), command.Skip(1), environment, _folder.Path);
    }

    Daemon StartCaddy(int http, int https, int port)
    {
        var mounted = ComposeFile.Parse(Overlay).Services["caddy"].Volumes.Single(volume => volume.Contains(":/etc/caddy/Caddyfile", StringComparison.Ordinal)).Split(':')[0];
        return Daemon.Start(Require.Program("caddy"), ["run", "--adapter", "caddyfile", "--config", Path.Combine(Repository.Top, mounted)], new Dictionary<string, string>
        {
            ["DOMAIN"] = Name,
            ["CADDY_TLS"] = "tls internal",
            ["HTTP_PORT"] = $"{http}",
            ["HTTPS_PORT"] = $"{https}",
            ["SERVER"] = $"127.0.0.1:{port}",
            ["HOME"] = _folder.Path,
            ["XDG_DATA_HOME"] = _folder.Path,
            ["XDG_CONFIG_HOME"] = _folder.Path,
        });
    }

    // The name leads to this machine, and Caddy's own authority is the only one that counts.
    async Task<SocketsHttpHandler> Trusting(int https)
    {
        var file = _folder["caddy/pki/authorities/local/root.crt"];
        await Eventually.Holds("Caddy has its authority", () => File.Exists(file));
        return new SocketsHttpHandler
        {
            UseCookies = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, https, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(file) },
                },
            },
        };
    }

    // Fields whose names a dictionary would not check.
    static void Known(ComposeFile file)
    {
        foreach (var service in file.Services.Values)
        {
            service.DependsOn.Values.SelectMany(fields => fields.Keys).Should().BeSubsetOf(["condition"]);
            service.Configs.SelectMany(fields => fields.Keys).Should().BeSubsetOf(["source", "target"]);
            if (service.Networks is Dictionary<object, object> networks) networks.Values.Cast<Dictionary<object, object>>().SelectMany(fields => fields.Keys).Should().BeSubsetOf(["ipv4_address"]);
        }

        file.Networks.Values.SelectMany(network => network.Ipam!.Config).SelectMany(fields => fields.Keys).Should().BeSubsetOf(["subnet"]);
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)(:[-?][^}]*)?\}")]
    private static partial Regex Variable();
}
