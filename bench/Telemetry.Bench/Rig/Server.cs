using System.Diagnostics;

namespace Telemetry.Bench.Rig;

/// <summary>The published server, with an empty SQLite store where settings name no other.</summary>
sealed class Server : IAsyncDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    static readonly HttpClient PatientHttp = new() { Timeout = TimeSpan.FromSeconds(60) };

    readonly int _port;

    Server(ChildProcess process, int port, int brokerPort, int securePort) => (Process, _port, BrokerPort, SecurePort) = (process, port, brokerPort, securePort);

    public ChildProcess Process { get; }

    /// <summary>Of the embedded broker, where no other one is set.</summary>
    public int BrokerPort { get; }

    /// <summary>Of HTTPS, where it has a certificate.</summary>
    public int SecurePort { get; }

    /// <summary>Where it answers HTTP requests.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Where live messages are to be had.</summary>
    public Uri LiveSocket => new($"ws://127.0.0.1:{_port}/ws/telemetry");

    /// <param name="folder">Holds store and spool.</param>
    /// <param name="published">The folder that the server was published to.</param>
    /// <param name="arguments">Give settings and environment from outside; they come last, and so win.</param>
    /// <param name="settings">Settings of the benchmark.</param>
    public static Server Start(TempFolder folder, string published, Arguments arguments, params string[] settings) =>
        Start(folder, published, arguments, certificate: null, settings);

    /// <summary>The same, with HTTPS as well where it is given a certificate.</summary>
    public static Server Start(TempFolder folder, string published, Arguments arguments, Certificate? certificate, params string[] settings)
    {
        var program = Path.Combine(published, "Telemetry.Api");
        if (!File.Exists(program)) throw new BenchmarkException($"There is no published server in {published}.");
        var ports = Loopback.FreePorts(3);
        return new Server(
            ChildProcess.Start(
                program,
                [
                    $"--urls=http://127.0.0.1:{ports[0]}{(certificate is null ? "" : $";https://127.0.0.1:{ports[2]}")}",
                    .. certificate is null ? [] : new[] { $"--Kestrel:Certificates:Default:Path={certificate.Path}", $"--Kestrel:Certificates:Default:KeyPath={certificate.KeyPath}" },
                    $"--Broker:Port={ports[1]}",
                    $"--History:SqlitePath={folder.NewPath("telemetry.db")}", $"--History:SpoolPath={folder.NewPath("spool.db")}",
                    .. settings, .. arguments.ServerSettings,
                ],
                arguments.ServerEnvironment),
            ports[0],
            ports[1],
            ports[2]);
    }

    /// <summary>Waits until messages can come in and be kept.</summary>
    /// <returns>Time since the process was started.</returns>
    public async Task<TimeSpan> WaitUntilReady(CancellationToken cancel)
    {
        while (Stopwatch.GetElapsedTime(Process.StartedAt) < Patience)
        {
            Process.MustRun();
            try
            {
                using var answer = await Http.GetAsync(new Uri(Address, "/health/ready"), cancel);
                if (answer.IsSuccessStatusCode) return Stopwatch.GetElapsedTime(Process.StartedAt);
            }
            catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // It does not listen yet, or the machine has no time for it.
            }

            await Task.Delay(PollInterval, cancel);
        }

        throw new BenchmarkException($"The server was not ready within {Patience.TotalSeconds} s.");
    }

    /// <summary>Waits until readings go into the store directly: it is there, with all its tables.</summary>
    public async Task WaitUntilDirect(CancellationToken cancel)
    {
        while (!(await Health(cancel)).Contains("\"mode\":\"direct\"", StringComparison.Ordinal))
        {
            Process.MustRun();
            if (Stopwatch.GetElapsedTime(Process.StartedAt) > Patience) throw new BenchmarkException($"The store was not there within {Patience.TotalSeconds} s.");
            await Task.Delay(PollInterval, cancel);
        }
    }

    /// <summary>Answer of <c>/health/ready</c>.</summary>
    public async Task<string> Health(CancellationToken cancel)
    {
        using var answer = await PatientHttp.GetAsync(new Uri(Address, "/health/ready"), cancel);
        return await answer.Content.ReadAsStringAsync(cancel);
    }

    /// <summary>Body of the answer to a request, which must succeed.</summary>
    public Task<byte[]> Get(string pathAndQuery, CancellationToken cancel) => PatientHttp.GetByteArrayAsync(new Uri(Address, pathAndQuery), cancel);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
