using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MQTTnet;
using MQTTnet.Protocol;
using Telemetry.Api;

namespace Telemetry.Tests.Support;

/// <summary>The real program in this process, on real sockets: ports of its own, a data folder of its own.</summary>
sealed class Server : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly TempFolder? _folder;

    Server(WebApplication app, TempFolder? folder, int brokerPort)
    {
        _app = app;
        _folder = folder;
        BrokerPort = brokerPort;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };
    }

    public HttpClient Http { get; }

    public int BrokerPort { get; }

    public Uri Address => Http.BaseAddress!;

    /// <summary>All its addresses.</summary>
    public IEnumerable<string> Urls => _app.Urls;

    /// <param name="settings">Such as <c>Presence:Timeout=00:00:02</c>; a later one wins.</param>
    public static async Task<Server> Start(params string[] settings)
    {
        var folder = new TempFolder();
        var brokerPort = Ports.Free();
        string[] given = ["Urls=http://127.0.0.1:0", $"Broker:Port={brokerPort}", $"History:SqlitePath={folder["telemetry.db"]}", $"History:SpoolPath={folder["spool.db"]}", "History:FlushInterval=00:00:00.050",
            "Logging:LogLevel:Default=Error", .. settings];
        var app = Program.Build([.. given.Select(setting => "--" + setting)]);
        await app.StartAsync();
        return new Server(app, folder, brokerPort);
    }

    public async Task<Listener> Listen(string query = "", string? origin = null, WebSocketDeflateOptions? deflate = null, params (string Name, string Value)[] headers)
    {
        var address = new UriBuilder(Address) { Scheme = "ws", Path = "/ws/telemetry", Query = query };
        return await Listener.Connect(address.Uri, origin, deflate, headers);
    }

    /// <summary>Plays a recording.</summary>
    public Task<Listener> Play(string query, WebSocketDeflateOptions? deflate = null) =>
        Listener.Connect(new UriBuilder(Address) { Scheme = "ws", Path = "/ws/playback", Query = query }.Uri, deflate: deflate);

    public Task<string> Latest(int? vehicleId = null) => Http.GetStringAsync(vehicleId is null ? "/telemetry/latest" : $"/telemetry/latest?vehicle_id={vehicleId}");

    public async Task<JsonElement> Ready()
    {
        using var answer = await Http.GetAsync("/health/ready");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until readings go the way that is meant; "direct": all that were kept are in the store.</summary>
    public Task StoreIs(string mode) => Eventually.Holds(
        $"the store is {mode}", async () => (await Ready()).GetProperty("checks").GetProperty("store").GetProperty("mode").GetString() == mode, TimeSpan.FromSeconds(60));

    /// <summary>Publishes to the embedded broker, one message after the other, over one connection.</summary>
    public async Task Publish(params (string Topic, string Payload)[] messages)
    {
        await using var car = await Car.Connect(BrokerPort);
        foreach (var (topic, payload) in messages) await car.Publish(topic, payload);
    }

    /// <summary>Puts readings of the past into the store.</summary>
    public async Task Import(params (DateTime At, string Vehicle, string Signal, double Value)[] readings)
    {
        var csv = new StringBuilder("recorded_at,vehicle,signal,value\n");
        foreach (var (at, vehicle, signal, value) in readings) csv.Append(CultureInfo.InvariantCulture, $"{at:o},{vehicle},{signal},{value}\n");
        using var answer = await Http.PostAsync("/telemetry/import", new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A part of the program.</summary>
    public T Service<T>() where T : class =>
        _app.Services.GetService<T>() ?? _app.Services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>Stops cleanly.</summary>
    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder?.Dispose();
    }
}

/// <summary>An MQTT client that publishes at QoS 1.</summary>
sealed class Car : IAsyncDisposable
{
    readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public static async Task<Car> Connect(int port, string? id = null)
    {
        var car = new Car();
        await car._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(id ?? $"car-{Guid.NewGuid():N}").Build());
        return car;
    }

    public Task Publish(string topic, string payload) => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync(new MqttClientDisconnectOptions());
        _client.Dispose();
    }
}
