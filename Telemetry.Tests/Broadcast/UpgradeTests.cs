using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

/// <summary>Requests that become sockets.</summary>
public class UpgradeTests
{
    [Fact]
    public async Task A_request_lasts_as_long_as_its_socket()
    {
        await using var server = await Server.Start();
        using var requests = new Requests(server);
        await using var page = await server.Listen();
        await page.Next();
        requests.Open.Should().Be(1);
        await page.Leave();
        await page.Ended();
        await Eventually.Holds("the request has ended", () => requests.Open == 0);
    }

    [Fact]
    public async Task Through_tls_the_socket_is_the_same()
    {
        using var folder = new TempFolder();
        var thumbprint = await WriteCertificate(folder);
        await using var server = await Server.Start("Urls=https://127.0.0.1:0", $"Kestrel:Certificates:Default:Path={folder["cert.pem"]}", $"Kestrel:Certificates:Default:KeyPath={folder["key.pem"]}");
        using var requests = new Requests(server);
        using var page = new ClientWebSocket();
        page.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == thumbprint;
        await page.ConnectAsync(new UriBuilder(server.Address) { Scheme = "wss", Path = "/ws/telemetry" }.Uri, CancellationToken.None);
        var buffer = new byte[4096];
        var received = await page.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        Encoding.UTF8.GetString(buffer, 0, received.Count).Should().StartWith("{\"type\":\"telemetry_update\",\"state\":\"offline\"");
        requests.Open.Should().Be(1);
        await page.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        page.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
        await Eventually.Holds("the request has ended", () => requests.Open == 0);
    }

    [Theory]
    [InlineData(true, 15)]
    [InlineData(false, 15)]
    [InlineData(true, 9)]
    public async Task A_client_may_compress_its_messages(bool takeover, int windowBits)
    {
        await using var server = await Server.Start();
        var deflate = new WebSocketDeflateOptions { ClientContextTakeover = takeover, ServerContextTakeover = takeover, ClientMaxWindowBits = windowBits };
        await using var page = await server.Listen(deflate: deflate);
        for (var i = 0; i < 60; i++) await page.Say("the same again and again, and once more the same again and again");
        await server.Publish(("wican/rpm", "60"));
        await page.Next("messages still come", text => text.Contains("\"rpm\":60,"));
        await page.Leave();
        await page.Ended();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task What_comes_together_with_the_request_is_not_lost()
    {
        await using var server = await Server.Start();
        using var peer = new TcpClient();
        await peer.ConnectAsync(server.Address.Host, server.Address.Port);
        var stream = peer.GetStream();
        byte[] close = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]; // Masked with zeros: 1000.
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(
            $"GET /ws/telemetry HTTP/1.1\r\nHost: {server.Address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"), .. close]);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(20)); // Until the server has closed the connection.
        var bytes = answer.ToArray();
        Encoding.ASCII.GetString(bytes).Should().StartWith("HTTP/1.1 101 ");
        bytes.AsSpan().IndexOf((byte[])[0x88, 0x02, 0x03, 0xE8]).Should().BePositive("the close is answered");
    }

    static async Task<string> WriteCertificate(TempFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(folder["cert.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    /// <summary>The requests of a server, as it counts them itself.</summary>
    sealed class Requests : IDisposable
    {
        readonly MeterListener _listener = new();
        long _open;

        public Requests(Server server)
        {
            var meters = server.Service<IMeterFactory>(); // Other servers of this process count for themselves.
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "http.server.active_requests" && instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _open, change));
            _listener.Start();
        }

        public long Open => Volatile.Read(ref _open);

        public void Dispose() => _listener.Dispose();
    }
}
