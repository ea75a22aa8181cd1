using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MQTTnet;
using MQTTnet.Protocol;
using Telemetry.Api;
using Telemetry.Api.Hosting;

namespace Telemetry.Tests.Support;

/// <summary>The real program in this process, on real sockets: ports of its own, a data folder of its own.</summary>
sealed class Server : IAsyncDisposable
{
    readonly Factory _factory;
    readonly TempFolder _folder;

    Server(Factory factory, TempFolder folder, int brokerPort)
    {
        _factory = factory;
        _folder = folder;
        BrokerPort = brokerPort;
        Urls = [.. Service<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(Urls[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)) };
    }

    public HttpClient Http { get; }

    public int BrokerPort { get; }

    public Uri Address => Http.BaseAddress!;

    /// <summary>All its addresses.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <param name="settings">Such as <c>Presence:Timeout=00:00:02</c>; a later one wins.</param>
    public static Task<Server> Start(params string[] settings) => Start(_ => { }, settings);

    /// <param name="services">Replaces services of the program.</param>
    /// <param name="settings">As above.</param>
    public static async Task<Server> Start(Action<IServiceCollection> services, params string[] settings)
    {
        var folder = new TempFolder();
        var brokerPort = Ports.Free();
        var factory = new Factory(services, ["Urls=http://127.0.0.1:0", $"Broker:Port={brokerPort}", $"History:SqlitePath={folder["telemetry.db"]}", $"History:SpoolPath={folder["spool.db"]}",
            "History:FlushInterval=00:00:00.050", "Logging:LogLevel:Default=Error", .. settings]);
        factory.UseKestrel();
        await Task.Run(factory.StartServer);
        return new Server(factory, folder, brokerPort);
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

    /// <summary>Waits until its connection to the broker is so: healthy or unhealthy.</summary>
    public Task BrokerIs(string status) => Eventually.Holds($"the broker is {status}", async () => (await Broker()).GetProperty("status").GetString() == status, TimeSpan.FromSeconds(60));

    /// <summary>Waits until so many clients are connected to its live socket.</summary>
    public Task HasClients(int count) => Eventually.Holds($"{count} clients are connected", async () => await ClientCount() == count);

    /// <summary>Clients that are connected to its live socket.</summary>
    public async Task<int> ClientCount() => (await Broker()).GetProperty("clients").GetInt32();

    async Task<JsonElement> Broker() => (await Ready()).GetProperty("checks").GetProperty("broker");

    /// <summary>Publishes to the embedded broker, one message after the other, over one connection.</summary>
    public async Task Publish(params (string Topic, string Payload)[] messages)
    {
        await using var car = await Car.Connect(BrokerPort);
        foreach (var (topic, payload) in messages) await car.Publish(topic, payload);
    }

    /// <summary>Puts readings of the past into the store.</summary>
    public Task Import(params (DateTime At, string Vehicle, string Signal, double Value)[] readings) => Http.Import(readings);

    /// <summary>A part of the program.</summary>
    public T Service<T>() where T : class =>
        _factory.Services.GetService<T>() ?? _factory.Services.GetServices<IHostedService>().OfType<T>().Single();

    /// <summary>Stops the program as a signal to its process does, and waits until it has ended.</summary>
    public Task Stop() => _factory.Program.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _factory.DisposeAsync();
        _folder.Dispose();
    }

    // Any class of the program names its assembly.
    sealed class Factory(Action<IServiceCollection> services, string[] settings) : WebApplicationFactory<LiveConsumers>
    {
        public RunningProgram Program { get; private set; } = null!;

        protected override IHost CreateHost(IHostBuilder builder)
        {
            builder.UseEnvironment(Environments.Production);
            builder.ConfigureHostConfiguration(configuration => configuration.Add(new Settings(settings)));
            builder.ConfigureServices(StartOnce);
            builder.ConfigureServices(services);
            builder.ConfigureServices(all => all.AddSingleton<End>());
            Program = new RunningProgram(builder.Build());
            Program.Start();
            return Program;
        }

        // The factory adds the service that listens once more if it does not find it: the program has wrapped it.
        static void StartOnce(IServiceCollection services)
        {
            if (services.Any(service => service.ServiceType == typeof(EarlyListening)))
                services.Remove(services.Last(service => service.ImplementationType?.Name == "GenericWebHostService"));
        }
    }

    /// <summary>The program's main method, which stops and disposes of everything itself.</summary>
    sealed class RunningProgram(IHost host) : IHost
    {
        // Created before all services of the program, so disposed of after them.
        readonly End _end = host.Services.GetRequiredService<End>();

        public IServiceProvider Services => host.Services;

        public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken = default)
        {
            if (!_end.Reached.IsCompleted) Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            return _end.Reached;
        }

        public void Dispose()
        {
        }
    }

    sealed class End : IDisposable
    {
        readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Dispose() => _reached.SetResult();
    }

    /// <summary>Settings as arguments of the program, one for each key. Sections have no arguments of their own.</summary>
    sealed class Settings : ConfigurationProvider, IConfigurationSource
    {
        public Settings(IEnumerable<string> settings)
        {
            foreach (var setting in settings) Data[setting[..setting.IndexOf('=')]] = setting[(setting.IndexOf('=') + 1)..];
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) => parentPath is null ? [.. earlierKeys, .. Data.Keys] : earlierKeys;
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

    /// <summary>Publishes one message over a connection of its own.</summary>
    public static async Task PublishOnce(int port, string topic, string payload)
    {
        await using var car = await Connect(port);
        await car.Publish(topic, payload);
    }

    public Task Publish(string topic, string payload) => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());

    /// <summary>Publishes in this order without waiting for one before the next; done when all are acknowledged.</summary>
    public async Task PublishBurst(params IEnumerable<(string Topic, string Payload)> messages)
    {
        var acknowledged = messages.Select(message => Publish(message.Topic, message.Payload)).ToList();
        await Task.WhenAll(acknowledged);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync(new MqttClientDisconnectOptions());
        _client.Dispose();
    }
}
