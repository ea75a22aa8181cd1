using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Telemetry.Api.Http;

namespace Telemetry.Api.Ingest;

/// <summary>Answer of <c>GET /ingest</c>.</summary>
/// <param name="Broker">The broker in use.</param>
/// <param name="Messages">The last messages, the newest first: rejected ones, and all while this is asked every few seconds.</param>
/// <param name="Rejected">The last rejected messages, the newest first.</param>
sealed record IngestInfo(BrokerInfo Broker, IReadOnlyList<RecentMessage> Messages, IReadOnlyList<RecentMessage> Rejected);

/// <summary>Address, port, user and topic to enter in a dongle. Contains no password.</summary>
/// <param name="IsEmbedded">True: the broker in this program; false: an outside one.</param>
/// <param name="Address">Address that it listens on, or the outside broker's name.</param>
/// <param name="Port">TCP port.</param>
/// <param name="TlsPort">TCP port with TLS of the embedded broker; null: none.</param>
/// <param name="Username">User; null: no login.</param>
/// <param name="UsesTls">True if the outside broker is reached with TLS.</param>
/// <param name="TopicFilter">Filter of the dongles' topics.</param>
/// <param name="IsReachable">False if other machines cannot reach the embedded broker.</param>
/// <param name="MachineAddresses">IPv4 addresses of this machine in its networks.</param>
sealed record BrokerInfo(
    bool IsEmbedded, string Address, int Port, int? TlsPort, string? Username, bool UsesTls, string TopicFilter, bool IsReachable, IReadOnlyList<string> MachineAddresses)
{
    public static BrokerInfo Of(MqttSettings mqtt, BrokerSettings embedded) => mqtt.Host != ""
        ? new BrokerInfo(false, mqtt.Host, mqtt.Port, null, NullIfEmpty(mqtt.Username), mqtt.UseTls, mqtt.TopicFilter, true, [])
        : new BrokerInfo(true, embedded.Address, embedded.Port, embedded.Certificate == "" ? null : embedded.TlsPort, NullIfEmpty(embedded.Username), false, mqtt.TopicFilter,
            !IPAddress.IsLoopback(IPAddress.Parse(embedded.Address)), AddressesOfMachine());

    static string? NullIfEmpty(string text) => text == "" ? null : text;

    static IReadOnlyList<string> AddressesOfMachine()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(address => address.Address)
                .Where(address => address.AddressFamily == AddressFamily.InterNetwork).Select(address => address.ToString()).Distinct()];
        }
        catch (NetworkInformationException)
        {
            return []; // Some sandboxes do not tell.
        }
    }
}

static class IngestEndpoints
{
    public static void MapIngest(this WebApplication app) => app.MapGet("/ingest", Get)
        .Describe("server", "getIngest", "The broker as it is configured, and the last messages with what was read from them", "Broker and messages");

    static Ok<IngestInfo> Get(MqttSettings mqtt, BrokerSettings broker, RecentMessages recent)
    {
        var (all, rejected) = recent.Watch();
        return TypedResults.Ok(new IngestInfo(BrokerInfo.Of(mqtt, broker), all, rejected));
    }
}

[JsonSerializable(typeof(IngestInfo))]
sealed partial class IngestJson : JsonSerializerContext;
