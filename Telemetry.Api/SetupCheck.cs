using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Ingest;
using Telemetry.Api.Store;

namespace Telemetry.Api;

/// <summary><c>--check</c>: tries the connections to broker and store, also beside a running server, and changes nothing. Each problem is a line on standard error and makes the exit code 1.</summary>
static class SetupCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(IServiceProvider services)
    {
        Console.WriteLine("Settings: valid.");
        var isStoreFine = await TellAsync("Store", StoreAsync(services));
        var isBrokerFine = await TellAsync("Broker", BrokerAsync(services));
        return isStoreFine && isBrokerFine ? 0 : 1;
    }

    static async Task<bool> TellAsync(string what, Task<string> check)
    {
        try
        {
            Console.WriteLine($"{what}: {await check}.");
            return true;
        }
        catch (Exception error) when (error is DbException or IOException or UnauthorizedAccessException or SocketException or MqttCommunicationException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{what}: {(error is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : DbErrorText.Summarize(error).TrimEnd('.'))}.");
            return false;
        }
    }

    static async Task<string> StoreAsync(IServiceProvider services)
    {
        var settings = services.GetRequiredService<HistorySettings>();
        EnsureWritable(settings.SpoolPath);
        if (string.IsNullOrWhiteSpace(services.GetRequiredService<IConfiguration>().GetConnectionString("Telemetry")))
        {
            EnsureWritable(settings.SqlitePath);
            return $"{Path.GetFullPath(settings.SqlitePath)} can be written";
        }

        using var patience = new CancellationTokenSource(Patience);
        var dialect = services.GetRequiredService<StoreDialect>();
        await using var connection = dialect.Connect();
        await connection.OpenAsync(patience.Token);
        await using var command = connection.CreateCommand();
        command.CommandText = dialect.WriteProbe;
        await command.ExecuteNonQueryAsync(patience.Token);
        return $"{dialect.Location} can be written";
    }

    // Leaves no new file, which might belong to another user than the server's.
    static void EnsureWritable(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            using var file = new FileStream(full, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return;
        }

        var folder = Path.GetDirectoryName(full)!;
        while (!Path.Exists(folder)) folder = Path.GetDirectoryName(folder)!;
        using var trial = new FileStream(Path.Combine(folder, $".telemetry-check-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    static async Task<string> BrokerAsync(IServiceProvider services)
    {
        var (mqtt, embedded) = (services.GetRequiredService<MqttSettings>(), services.GetRequiredService<BrokerSettings>());
        return mqtt.Host == "" ? await EmbeddedAsync(embedded, services.GetRequiredService<IConfiguration>()) : await OutsideAsync(mqtt, services.GetRequiredService<BrokerDialer>());
    }

    static async Task<string> EmbeddedAsync(BrokerSettings broker, IConfiguration configuration)
    {
        var address = new IPEndPoint(IPAddress.Parse(broker.Address), broker.Port);
        try
        {
            using var listener = new TcpListener(address);
            listener.Start();
            return $"{address} is free for the embedded broker";
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var isOwn = Listening.OwnAddress(configuration) is { } own && await HealthCommand.ProblemAsync(own) is null;
            return isOwn ? $"{address} is in use, by the server that runs" : throw new IOException($"{address} is in use by another program; set Broker:Port, or Mqtt:Host for a broker that runs there");
        }
    }

    static async Task<string> OutsideAsync(MqttSettings mqtt, BrokerDialer dialer)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new MqttClientFactory().CreateMqttClient();
        await dialer.ConnectAsync(() => client, (options, _) => options.WithClientId($"telemetry-check-{Guid.NewGuid():N}"), patience.Token);
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        return $"{mqtt.Host}:{mqtt.Port} accepts the connection";
    }
}
