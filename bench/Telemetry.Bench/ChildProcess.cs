using System.Collections.Concurrent;
using System.Diagnostics;

namespace Telemetry.Bench;

/// <summary>A program started by a benchmark, and ended with it.</summary>
sealed class ChildProcess : IAsyncDisposable
{
    const int LinesKept = 20;

    readonly Process _process;
    readonly ConcurrentQueue<string> _said = new();

    ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
    }

    /// <summary>Its process id, for as long as it runs.</summary>
    public int Id => _process.Id;

    /// <summary>When it was started: a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; private set; }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) info.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = info });
        child.StartedAt = Stopwatch.GetTimestamp();
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Fails, with the last words of the program, if it has ended.</summary>
    public void MustRun()
    {
        if (!_process.HasExited) return;
        throw new BenchmarkException($"{_process.StartInfo.FileName} has ended with {_process.ExitCode}:\n{string.Join('\n', _said)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Keep(object sender, DataReceivedEventArgs said)
    {
        if (said.Data is null) return;
        _said.Enqueue(said.Data);
        if (_said.Count > LinesKept) _said.TryDequeue(out _);
    }
}
