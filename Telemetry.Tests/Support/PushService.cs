using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemetry.Api.Push;

namespace Telemetry.Tests.Support;

/// <summary>A message that the push service has been given.</summary>
/// <param name="Token">Last part of the endpoint.</param>
/// <param name="Host">The service that it was meant for.</param>
/// <param name="Headers">Names in lower case.</param>
/// <param name="Body">Encrypted.</param>
sealed record Pushed(string Token, string Host, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>
/// A push service without the internet: RFC 8030 for servers, and as much of Google's as Chromium needs. Browsers reach it by <see cref="BrowserArguments"/>,
/// servers by <see cref="Connect"/>, whatever the host of an endpoint.
/// </summary>
sealed class PushService : IAsyncDisposable
{
    readonly ConcurrentQueue<Pushed> _received = new();
    readonly ConcurrentQueue<Action<HttpContext>> _answers = new();
    readonly ConcurrentDictionary<string, Registration> _registrations = new();
    readonly X509Certificate2 _certificate = NewCertificate();
    readonly MessageStreams _streams;
    readonly WebApplication _web;

    PushService()
    {
        _streams = new MessageStreams(_certificate);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, Port, listening => listening.UseHttps(_certificate).Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, PlainPort);
        });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.None);
        _web = builder.Build();
        _web.MapPost("/checkin", CheckInAsync);
        _web.MapPost("/c2dm/register3", RegisterAsync);
        _web.MapPost("/{*path}", PushAsync);
    }

    int Port { get; } = Ports.Free();

    /// <summary>Without TLS.</summary>
    public int PlainPort { get; } = Ports.Free();

    /// <summary>Everything that servers have posted, refused or not.</summary>
    public IReadOnlyList<Pushed> Received => [.. _received];

    /// <summary>Arguments for a Chromium that takes this one for Google's.</summary>
    public string[] BrowserArguments => ["--ignore-certificate-errors", $"--host-resolver-rules=MAP android.clients.google.com:443 127.0.0.1:{Port}, MAP mtalk.google.com 127.0.0.1:{_streams.Port}"];

    public static async Task<PushService> Start()
    {
        var service = new PushService();
        await service._web.StartAsync();
        return service;
    }

    /// <summary>Leads a server's connections here, as a changed DNS would.</summary>
    public void Connect(IServiceCollection services) => services.AddSingleton(new PushTransport(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero, // So that each asks whether there is a way.
        SslOptions = { RemoteCertificateValidationCallback = (_, given, _, _) => given?.GetCertHashString() == _certificate.GetCertHashString() },
        ConnectCallback = async (context, cancelled) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, IsReachable ? Port : Ports.Free(), cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }));

    /// <summary>False: servers are refused the connection.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>The next answers, one each; after them 201.</summary>
    public PushService Then(params int[] statuses)
    {
        foreach (var status in statuses) Then(http => http.Response.StatusCode = status);
        return this;
    }

    /// <summary>The next answer.</summary>
    public PushService Then(Action<HttpContext> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>Waits for so many messages.</summary>
    public async Task<IReadOnlyList<Pushed>> Got(int count)
    {
        await Eventually.Holds($"the push service has {count} messages (it has {_received.Count})", () => _received.Count >= count);
        return Received;
    }

    /// <summary>Hands bytes to a browser as they are.</summary>
    public async Task SendRaw(string endpoint, byte[] body) => await _streams.Send(_registrations[endpoint.Split('/')[^1]], "aes128gcm", body);

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _streams.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>Check-in of a browser, which gets two numbers as its identity.</summary>
    static async Task CheckInAsync(HttpContext http)
    {
        http.Response.ContentType = "application/x-protobuf";
        await http.Response.BodyWriter.WriteAsync(new ProtoWriter().Number(1, 1).Number(3, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Fixed64(7, 4242424242424242).Fixed64(8, 777777777777).Text(11, "x").ToArray());
    }

    /// <summary>A page of a browser subscribes, or ends that.</summary>
    async Task RegisterAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (form.ContainsKey("delete"))
        {
            await http.Response.WriteAsync($"token={form["app"]}");
            return;
        }

        var token = $"T{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(60))}:APA91{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(40))}";
        _registrations[token] = new Registration(form["app"].ToString(), form.TryGetValue("X-subtype", out var subtype) ? subtype.ToString() : form["subtype"].ToString(), form["sender"].ToString());
        await http.Response.WriteAsync($"token={token}");
    }

    async Task PushAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var token = Uri.UnescapeDataString(http.Request.Path.Value!.Split('/')[^1]);
        var pushed = new Pushed(token, http.Request.Host.Value!, http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body.ToArray());
        _received.Enqueue(pushed);
        http.Response.StatusCode = pushed.Body.Length > 4096 ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status201Created;
        if (_answers.TryDequeue(out var answer)) answer(http);
        if (http.Response.StatusCode == StatusCodes.Status201Created && _registrations.TryGetValue(token, out var registration))
            await _streams.Send(registration, pushed.Headers.GetValueOrDefault("content-encoding", ""), pushed.Body);
    }

    static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=push", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}

/// <summary>A page of a browser that has subscribed.</summary>
sealed record Registration(string App, string Subtype, string Sender);
