using System.Net;
using System.Net.Sockets;

namespace Telemetry.Bench.Rig;

/// <summary>Ports of this machine.</summary>
static class Loopback
{
    // Below the range that systems give to outgoing connections. Each process begins somewhere else, so that benchmarks that run at once do not meet.
    const int First = 10_000;
    const int Count = 10_000;
    const int PerProcess = 101;

    static int _next = Environment.ProcessId * PerProcess;

    /// <summary>Ports that nothing listens on at the moment, each another one.</summary>
    public static int[] FreePorts(int count) => [.. Candidates().Where(IsFree).Take(count)];

    static IEnumerable<int> Candidates()
    {
        while (true) yield return First + (int)((uint)Interlocked.Increment(ref _next) % Count);
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits until something listens on a port, for as long as the program that is to do so runs.</summary>
    public static async Task WaitUntilListening(int port, ChildProcess program, CancellationToken cancel)
    {
        while (true)
        {
            program.MustRun();
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancel);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(10, cancel);
            }
        }
    }
}
