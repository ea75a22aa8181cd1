using System.Diagnostics;

namespace Telemetry.Tests.Support;

/// <summary>A server process that the test started, and ends.</summary>
sealed class Daemon : IDisposable
{
    readonly Process _process;
    readonly List<string> _output = [];

    Daemon(Process process) => _process = process;

    public static Daemon Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string workingDirectory = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingDirectory };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var daemon = new Daemon(new Process { StartInfo = start });
        daemon._process.OutputDataReceived += daemon.Keep;
        daemon._process.ErrorDataReceived += daemon.Keep;
        daemon._process.Start();
        daemon._process.BeginOutputReadLine();
        daemon._process.BeginErrorReadLine();
        return daemon;
    }

    /// <summary>Runs a program to its end.</summary>
    public static Task<(int ExitCode, string Output)> Run(string program, params string[] arguments) => Run(program, environment: null, arguments);

    public static async Task<(int ExitCode, string Output)> Run(string program, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        using var daemon = Start(program, arguments, environment);
        await daemon._process.WaitForExitAsync();
        return (daemon._process.ExitCode, daemon.Output);
    }

    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public async Task<int> WaitForExit()
    {
        // A process that goes on for ever must fail its test, not hold up all others.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks the process to stop, as an operator's Ctrl+C or a service manager does.</summary>
    public async Task<int> Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await WaitForExit();
    }

    /// <summary>Ends the process at once.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_output) _output.Add(line.Data);
    }
}
