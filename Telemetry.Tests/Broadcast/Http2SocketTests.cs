using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Telemetry.Api.Sockets;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>Sockets as streams of one HTTP/2 connection through TLS (RFC 8441): what browsers do with a server that speaks HTTPS itself.</summary>
public sealed class Http2SocketTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly X509Certificate2 _certificate = Certificate();
    readonly HttpMessageInvoker _connection;

    public Http2SocketTests()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _certificate }, RevocationMode = X509RevocationMode.NoCheck };
        _connection = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } });
    }

    public void Dispose()
    {
        _connection.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Streams_of_one_connection_get_the_same_compressed_or_not_and_end_one_by_one()
    {
        await using var server = await StartSecure();
        await using var plain = await Listen(server);
        await using var compressed = await Listen(server, deflate: new WebSocketDeflateOptions());
        await using var leaving = await Listen(server);
        await server.HasClients(3);
        for (var rpm = 1; rpm <= 50; rpm++) await server.Publish(("wican/rpm", $"{rpm}"));
        var message = await plain.Next("the last", text => text.Contains("\"rpm\":50,"));
        (await compressed.Next("the last", text => text.Contains("\"rpm\":50,"))).Should().Be(message);

        await leaving.Leave();
        await leaving.Ended();
        leaving.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
        await server.HasClients(2);
        await server.Publish(("wican/rpm", "60"));
        await plain.Next("the others go on", text => text.Contains("\"rpm\":60,"));

        await server.Stop();
        await compressed.Ended();
        compressed.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Fact]
    public async Task A_stream_that_is_given_up_is_gone()
    {
        await using var server = await StartSecure();
        await using (var page = await Listen(server)) await page.Next();
        await server.HasClients(0);
        await using var next = await Listen(server);
        await next.Next();
    }

    [Fact]
    public async Task A_bad_query_is_answered_before_the_socket_is_open()
    {
        await using var server = await StartSecure();
        var bad = () => Listen(server, "vehicle_id=x");
        (await bad.Should().ThrowAsync<WebSocketException>()).Which.Message.Should().Contain("400");
    }

    [Fact]
    public async Task A_client_that_never_answers_the_close_does_not_hold_up_the_stop()
    {
        await using var server = await StartSecure(new SocketTimeouts { CloseTimeout = TimeSpan.FromMilliseconds(200) });
        using var mute = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        await mute.ConnectAsync(SecureSocket(server, ""), _connection, CancellationToken.None);
        await server.HasClients(1);
        await server.Stop().WaitAsync(TimeSpan.FromSeconds(15));
    }

    Task<Server> StartSecure(SocketTimeouts? timeouts = null)
    {
        File.WriteAllText(_folder["certificate.pem"], _certificate.ExportCertificatePem());
        File.WriteAllText(_folder["key.pem"], _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return Server.Start(services => services.AddSingleton(timeouts ?? new SocketTimeouts()), "Urls=http://127.0.0.1:0;https://127.0.0.1:0", $"Kestrel:Certificates:Default:Path={_folder["certificate.pem"]}", $"Kestrel:Certificates:Default:KeyPath={_folder["key.pem"]}");
    }

    static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=telemetry of the tests", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    Task<Listener> Listen(Server server, string query = "", WebSocketDeflateOptions? deflate = null) => Listener.ConnectOverHttp2(SecureSocket(server, query), _connection, deflate);

    static Uri SecureSocket(Server server, string query) =>
        new UriBuilder(server.Urls.Single(url => url.StartsWith("https", StringComparison.Ordinal))) { Scheme = "wss", Path = "/ws/telemetry", Query = query }.Uri;
}
