using System.Net;
using System.Net.Sockets;

namespace Telemetry.Bench.Rig;

/// <summary>Ports of this machine.</summary>
static class Loopback
{
    /// <summary>Ports that nothing listens on at the moment, each another one.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
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
