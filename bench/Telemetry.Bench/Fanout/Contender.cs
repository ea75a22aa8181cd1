using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Fanout;

/// <summary>A system that a publisher and clients connect to.</summary>
sealed class Contender : IAsyncDisposable
{
    readonly ChildProcess[] _processes;

    Contender(string name, ChildProcess[] processes, int publishPort, int clientPort, bool isMqtt, bool isSecure) =>
        (Name, _processes, PublishPort, ClientPort, IsMqtt, IsSecure) = (name, processes, publishPort, clientPort, isMqtt, isSecure);

    public string Name { get; }

    /// <summary>Of its MQTT broker.</summary>
    public int PublishPort { get; }

    /// <summary>Of its WebSocket listener.</summary>
    public int ClientPort { get; }

    /// <summary>True if it passes on what is published; otherwise it makes live messages of readings.</summary>
    public bool IsMqtt { get; }

    /// <summary>True if its clients use TLS.</summary>
    public bool IsSecure { get; }

    /// <summary>True if its clients offer permessage-deflate, and take nothing else.</summary>
    public bool IsCompressed { get; private init; }

    public List<Round> Rounds { get; } = [];

    /// <summary>Itself, without a broker of its own.</summary>
    public ChildProcess Process => _processes[0];

    /// <summary>Processor time so far, with that of a broker of its own.</summary>
    public double CpuSeconds => _processes.Sum(process => ProcessUsage.CpuSeconds(process.Id));

    /// <summary>Memory present, without that of a broker of its own.</summary>
    public double ResidentMib => ProcessUsage.ResidentMib(Process.Id);

    public static async Task<Contender> StartMosquitto(TempFolder folder, Certificate? certificate, CancellationToken cancel)
    {
        var broker = await Mosquitto.Start(folder, certificate, cancel);
        return new Contender("Mosquitto", [broker.Process], broker.Port, broker.WebSocketPort, isMqtt: true, certificate is not null);
    }

    public static async Task<Contender> StartPeer(Peer peer, TempFolder folder, Certificate? certificate, CancellationToken cancel)
    {
        var broker = await Mosquitto.Start(folder, cancel);
        try
        {
            var port = Loopback.FreePorts(1)[0];
            return new Contender(peer.Name, [await peer.Start(broker.Port, port, certificate, cancel), broker.Process], broker.Port, port, isMqtt: false, certificate is not null);
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public static async Task<Contender> StartServer(
        TempFolder folder, string published, Arguments arguments, Certificate? certificate, CancellationToken cancel, bool isCompressed = false)
    {
        // Every reading is a message, as at Mosquitto, and a car that has nothing to say meanwhile is not told about.
        var server = Server.Start(folder, published, arguments, certificate, "--Stream:UpdateInterval=00:00:00", "--Presence:Timeout=01:00:00");
        try
        {
            await server.WaitUntilReady(cancel);
            var port = certificate is null ? server.Address.Port : server.SecurePort;
            return new Contender(isCompressed ? "server, compressed" : "server", [server.Process], server.BrokerPort, port, isMqtt: false, certificate is not null) { IsCompressed = isCompressed };
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
    }
}
