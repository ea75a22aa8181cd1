using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.EndToEnd;

/// <summary>The executable from outside: what depends on libraries that could need code written at run time. <c>scripts/native</c> runs it against the native file.</summary>
public class ExecutableTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_message_reaches_page_history_drive_export_and_playback(string store)
    {
        await using var server = await Executable.Start(store == "postgres" ? [$"--ConnectionStrings:Telemetry={await postgres.CreateDatabase()}"] : []);
        await using var live = await Listener.Connect(server.Socket("/ws/telemetry?alerts=true"), deflate: new WebSocketDeflateOptions());
        await server.Publish("wican/rpm", "2500");
        (await live.Next("the reading", text => text.Contains("\"rpm\":2500,"))).Should().StartWith("{\"type\":\"telemetry_update\",\"state\":\"running\",");
        await Eventually.Holds("the reading is stored", async () => (await server.Get("/telemetry/export")).Contains(",rpm,2500"));
        (await server.Get("/telemetry/history?signal=rpm")).Should().Contain("2500");
        (await server.Get("/drives")).Should().Contain("\"readings\":1");
        (await server.Get("/alerts/rules")).Should().Contain("Coolant overheating");
        (await server.Get("/alerts/presets?vehicle_id=1")).Should().Contain("over_rev");
        await using var playback = await Listener.Connect(server.Socket($"/ws/playback?vehicle_id=1&from={DateTime.UtcNow.AddMinutes(-5):yyyy-MM-ddTHH:mm:ssZ}&speed=60"));
        (await playback.Next("the recording", text => text.Contains("\"rpm\":2500,"))).Should().Contain("telemetry_update");
        (await server.Get("/")).Should().Contain("<html");
        (await server.Get("/openapi/v1.json")).Should().Contain("listDrives");
        (await server.Get("/metrics")).Should().Contain("telemetry_alerts_cleared_total");
        (await server.Get("/health/ready")).Should().Contain("\"status\":\"healthy\"");
    }

    [Fact]
    public async Task Tls_http2_tokens_and_a_password_work()
    {
        using var folder = new TempFolder();
        var (certificate, key) = CertificateAuthority.Pem("localhost");
        await File.WriteAllTextAsync(folder["cert.pem"], certificate);
        await File.WriteAllTextAsync(folder["key.pem"], key);
        using var expected = X509Certificate2.CreateFromPem(certificate);
        await using var server = await Executable.StartAt("https", $"--{Jwt.On}", $"--Kestrel:Certificates:Default:Path={folder["cert.pem"]}", $"--Kestrel:Certificates:Default:KeyPath={folder["key.pem"]}");
        using var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == expected.Thumbprint } };
        using var http = new HttpClient(handler) { BaseAddress = server.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        (await http.GetAsync("/vehicles")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token());
        (await http.GetStringAsync("/vehicles")).Should().Contain("\"device\":\"default\"");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.Token(key: "another key of the tests, of more than 32 bytes"));
        (await http.GetAsync("/vehicles")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Alerts_are_mailed()
    {
        await using var mail = new MailServer();
        await using var server = await Executable.Start($"--Alerts:Channels:me:Smtp=smtp://127.0.0.1:{mail.Port}", "--Alerts:Channels:me:From=car@example.com", "--Alerts:Channels:me:To=me@example.com");
        using var answer = await server.Http.PostAsync("/alerts/channels/me/test", null);
        answer.EnsureSuccessStatusCode();
        (await mail.Got(1))[0].Header("From").Should().Contain("car@example.com");
    }

    [Fact]
    public async Task A_car_is_simulated()
    {
        await using var server = await Executable.Start("--demo");
        await Eventually.Holds("the car drives", async () => (await server.Get("/telemetry/latest")).Contains("\"state\":\"running\""), within: TimeSpan.FromMinutes(1)); // First it makes two weeks of drives.
    }
}
