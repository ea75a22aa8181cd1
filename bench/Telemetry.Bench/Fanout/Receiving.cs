using System.Text;
using System.Text.Json;
using Telemetry.Bench.Rig;
using static System.Globalization.CultureInfo;

namespace Telemetry.Bench.Fanout;

/// <summary>The process that plays all the browsers. It reads orders from its input, a line each, and answers each with a line.</summary>
static class Receiving
{
    /// <summary>Begins to count anew.</summary>
    public const string Begin = "begin";

    /// <summary>Tells the number of live messages.</summary>
    public const string Count = "count";

    /// <summary>Tells a whole <see cref="Reception"/>.</summary>
    public const string Tell = "tell";

    /// <summary>Begins each answer, and nothing else that the process may have to say.</summary>
    public const string Mark = "> ";

    /// <summary>Connections that are asked for and not yet answered: more would overrun a server's queue.</summary>
    const int MostOnTheirWay = 64;

    /// <summary>Of so many clients the latency is measured.</summary>
    const int Sampled = 50;

    const int StandardInput = 0;
    const int Orders = -1;

    /// <summary>Runs until the input ends.</summary>
    public static void Run(Arguments arguments)
    {
        var count = arguments.Number("clients", usual: 1, smoke: 1, most: 100_000);
        var port = arguments.Number("port", usual: 0, smoke: 0, most: ushort.MaxValue);
        var protocol = arguments.Text("protocol");
        var isSecure = bool.Parse(arguments.Text("secure"));
        var query = arguments.Text("query");
        arguments.NoMore();

        var latencies = new List<float>();
        var clients = new List<ReceivingClient>(count);
        var buffer = new byte[256 * 1024];
        var keys = new List<int>();
        using var epoll = new Epoll();
        using var input = Console.OpenStandardInput();
        epoll.Watch(StandardInput, Orders);
        var ready = 0;
        while (true)
        {
            while (clients.Count < count && clients.Count - ready < MostOnTheirWay) Open(clients.Count);
            epoll.Wait(keys);
            foreach (var key in keys)
            {
                if (key != Orders)
                {
                    Receive(clients[key]);
                    continue;
                }

                var read = input.Read(buffer);
                if (read == 0) return;
                foreach (var order in Encoding.ASCII.GetString(buffer, 0, read).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    Say(Answer(order, clients, latencies));
            }
        }

        void Open(int index)
        {
            var wire = new Wire(port, isSecure, index);
            clients.Add(new ReceivingClient(wire, protocol, query, count <= Sampled || index % (count / Sampled) == 0 ? latencies : null));
            Receive(clients[^1]);
            epoll.Watch(wire.Descriptor, index);
        }

        void Receive(ReceivingClient client)
        {
            var wasReady = client.IsReady;
            client.Receive(buffer);
            if (!wasReady && client.IsReady && ++ready == count) Say("ready");
        }
    }

    static void Say(string answer) => Console.WriteLine(Mark + answer);

    static string Answer(string order, List<ReceivingClient> clients, List<float> latencies)
    {
        switch (order)
        {
            case Begin:
                clients.ForEach(client => client.Forget());
                latencies.Clear();
                return order;
            case Count:
                return clients.Sum(client => client.Frames).ToString(InvariantCulture);
            case Tell:
                var ranks = new Percentiles(latencies.Select(latency => (double)latency));
                return JsonSerializer.Serialize(new Reception(
                    clients.Sum(client => client.Frames), clients.Min(client => client.Frames), clients.Sum(client => client.Bytes), clients.Sum(client => client.Reads),
                    latencies.Count, ranks.P50, ranks.P99, ranks.Max));
            default:
                throw new IOException($"{order} is no order.");
        }
    }
}

/// <summary>Messages that have reached the clients.</summary>
/// <param name="Frames">Live messages, of all clients.</param>
/// <param name="Fewest">Live messages of the client that got the fewest.</param>
/// <param name="Bytes">Bytes on the wire behind TLS, heads of frames included.</param>
/// <param name="Reads">Calls of the system that brought them.</param>
/// <param name="Samples">Live messages whose latency was measured.</param>
/// <param name="P50">Latency in milliseconds.</param>
/// <param name="P99">Latency in milliseconds.</param>
/// <param name="Max">Latency in milliseconds.</param>
sealed record Reception(long Frames, long Fewest, long Bytes, long Reads, int Samples, double P50, double P99, double Max);
