using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Fanout;

/// <summary>Live path built on a common framework: a short program in <c>bench/peers</c> with its own Mosquitto.</summary>
/// <param name="Name">What it is called in options and tables.</param>
/// <param name="Program">What runs it.</param>
/// <param name="Script">The program, below the folder of the benchmark.</param>
/// <param name="Lacks">What is to be installed where it cannot run.</param>
sealed record Peer(string Name, string Program, string Script, string Lacks)
{
    // Debian's Python, as its packages are seen by no other.
    public static readonly Peer[] All =
    [
        new("FastAPI", "/usr/bin/python3", "peers/fastapi/peer.py", "Debian's python3-fastapi, python3-uvicorn, python3-paho-mqtt, python3-websockets, python3-uvloop and python3-httptools"),
        new("Node", "node", "peers/node/peer.js", "node and npm"),
    ];

    string Path => System.IO.Path.Combine(AppContext.BaseDirectory, Script);

    /// <summary>Those of a list of names that can run; of the others it is told why not.</summary>
    /// <param name="names">Parted by commas; <c>none</c>: none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Each with what it says of its versions.</returns>
    public static async Task<IReadOnlyList<(Peer Peer, string Version)>> ThatRun(string names, CancellationToken cancel)
    {
        var found = new List<(Peer, string)>();
        foreach (var name in names.Split(',').Where(name => name != "none"))
        {
            var peer = All.FirstOrDefault(peer => peer.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new BenchmarkException($"There is no peer {name}, only {string.Join(", ", All.Select(peer => peer.Name))}, and none.");
            try
            {
                found.Add((peer, await ChildProcess.Output(peer.Program, [peer.Path, "--version"], cancel)));
            }
            catch (Exception error) when (error is BenchmarkException or System.ComponentModel.Win32Exception)
            {
                Report.Line($"{peer.Name} is left out: it needs {peer.Lacks}. {error.Message.Split('\n')[^1]}");
            }
        }

        return found;
    }

    /// <summary>Starts it; on return nothing that is published is missed.</summary>
    public async Task<ChildProcess> Start(int brokerPort, int port, Certificate? certificate, CancellationToken cancel)
    {
        var process = ChildProcess.Start(Program, [Path, $"{brokerPort}", $"{port}", .. certificate is null ? [] : new[] { certificate.Path, certificate.KeyPath }]);
        try
        {
            await Loopback.WaitUntilListening(port, process, cancel);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
