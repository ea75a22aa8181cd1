namespace Telemetry.Bench.Rig;

/// <summary>A folder that is gone when the benchmark is over.</summary>
sealed class TempFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("telemetry-bench-");
    int _files;

    /// <summary>A path inside it that is not taken yet.</summary>
    public string NewPath(string name) => Path.Combine(_folder.FullName, $"{Interlocked.Increment(ref _files)}-{name}");

    /// <summary>Lets programs of other users reach what is theirs inside it.</summary>
    public void LetOthersPass() => _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public void Dispose() => _folder.Delete(recursive: true);
}
