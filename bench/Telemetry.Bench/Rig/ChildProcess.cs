using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Telemetry.Bench.Rig;

/// <summary>A program started by a benchmark, and ended with it.</summary>
sealed class ChildProcess : IAsyncDisposable
{
    const int LinesKept = 20;

    readonly Process _process;
    readonly ConcurrentQueue<string> _said = new();
    bool _disposed;

    ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
    }

    /// <summary>Its process id, for as long as it runs.</summary>
    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Time of the start, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Is given each line that the program says, on any thread.</summary>
    public Action<string>? Heard { get; set; }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
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

    /// <summary>Gives it a line to read.</summary>
    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static Task Run(string file, IEnumerable<string> arguments, CancellationToken cancel) => Output(file, arguments, cancel);

    /// <summary>The same, for its last words.</summary>
    public static async Task<string> Output(string file, IEnumerable<string> arguments, CancellationToken cancel)
    {
        await using var child = Start(file, arguments);
        await child._process.WaitForExitAsync(cancel);
        if (child._process.ExitCode != 0) child.MustRun();
        return string.Join('\n', child._said);
    }

    /// <summary>Fails, with the last words of the program, if it has ended.</summary>
    public void MustRun()
    {
        if (!_process.HasExited) return;
        throw new BenchmarkException($"{_process.StartInfo.FileName} has ended with {_process.ExitCode}:\n{string.Join('\n', _said)}");
    }

    /// <summary>Asks it to end with a signal and waits for that; one that does not within a time is killed.</summary>
    /// <returns>True if it ended by itself.</returns>
    public async Task<bool> End(UnixSignal signal, TimeSpan patience)
    {
        signal.SendTo(_process.Id);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void Keep(object sender, DataReceivedEventArgs said)
    {
        if (said.Data is null) return;
        Heard?.Invoke(said.Data);
        _said.Enqueue(said.Data);
        if (_said.Count > LinesKept) _said.TryDequeue(out _);
    }
}

/// <summary>A signal as Linux numbers it.</summary>
/// <param name="Number">Its number.</param>
readonly record struct UnixSignal(int Number)
{
    public static readonly UnixSignal Quit = new(3);
    public static readonly UnixSignal Kill = new(9);
    public static readonly UnixSignal Terminate = new(15);
    public static readonly UnixSignal Continue = new(18);
    public static readonly UnixSignal Stop = new(19);

    public void SendTo(int processId) => _ = NativeKill(processId, Number);

    [DllImport("libc", EntryPoint = "kill")]
    static extern int NativeKill(int processId, int signal);
}
