using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Telemetry.Tests.Support;

/// <summary>Waits that say what they wait for.</summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task Holds(string what, Func<Task<bool>> condition, TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (clock.Elapsed > (within ?? Patience)) Assert.Fail($"Waited {clock.Elapsed.TotalSeconds:0.0} s in vain until {what}.");
            await poll.WaitForNextTickAsync();
        }
    }

    public static Task Holds(string what, Func<bool> condition, TimeSpan? within = null) => Holds(what, () => Task.FromResult(condition()), within);
}

static class Ports
{
    // Below the range that systems give to outgoing connections, and each port once a run: parallel tests do not meet.
    const int First = 20_000;
    const int Count = 10_000;

    static int _next = Environment.ProcessId;

    /// <summary>A port that was free a moment ago.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    public static async Task<bool> Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>A folder that is gone after the test.</summary>
sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("telemetry-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
