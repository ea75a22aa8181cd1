namespace Telemetry.Bench.Fanout;

/// <summary>What a publisher and clients connect to.</summary>
sealed class Contender : IAsyncDisposable
{
    readonly ChildProcess _process;

    Contender(string name, ChildProcess process, int publishPort, int clientPort, bool isMqtt, bool isSecure) =>
        (Name, _process, PublishPort, ClientPort, IsMqtt, IsSecure) = (name, process, publishPort, clientPort, isMqtt, isSecure);

    public string Name { get; }

    /// <summary>Of its MQTT broker.</summary>
    public int PublishPort { get; }

    /// <summary>Of its WebSocket listener.</summary>
    public int ClientPort { get; }

    /// <summary>Whether it passes on what is published; otherwise it makes live messages of readings.</summary>
    public bool IsMqtt { get; }

    /// <summary>Whether its clients use TLS.</summary>
    public bool IsSecure { get; }

    public List<Round> Rounds { get; } = [];

    /// <summary>Processor time so far.</summary>
    public double CpuSeconds => ProcessUsage.CpuSeconds(_process.Id);

    /// <summary>Memory present.</summary>
    public double ResidentMib => ProcessUsage.ResidentMib(_process.Id);

    public static async Task<Contender> StartMosquitto(TempFolder folder, Certificate? certificate, CancellationToken cancel)
    {
        var broker = await Mosquitto.Start(folder, certificate, cancel);
        return new Contender("Mosquitto", broker.Process, broker.Port, broker.WebSocketPort, isMqtt: true, certificate is not null);
    }

    public static async Task<Contender> StartServer(TempFolder folder, string published, Arguments arguments, Certificate? certificate, CancellationToken cancel)
    {
        // Every reading is a message, as at Mosquitto, and a car that has nothing to say meanwhile is not told about.
        var server = Server.Start(folder, published, arguments, certificate, "--Stream:UpdateInterval=00:00:00", "--Presence:Timeout=01:00:00");
        try
        {
            await server.WaitUntilReady(cancel);
            return new Contender("server", server.Process, server.BrokerPort, certificate is null ? server.Address.Port : server.SecurePort, isMqtt: false, certificate is not null);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
