using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary>Lock of the spool for one server, held until the process ends in any way. A separate file, so that people can open the spool meanwhile.</summary>
sealed class SpoolLock(string path) : IDisposable
{
    FileStream? _held;
    FileIdentity? _identity;

    /// <summary>Also takes it again if its file was replaced. Throws <see cref="IOException"/> if another server has it.</summary>
    public void Hold()
    {
        if (_held is not null && _identity == FileIdentity.Of(path)) return;
        var held = PrivateFiles.Open(path, FileShare.None);
        _held?.Dispose();
        (_held, _identity) = (held, FileIdentity.Of(path));
    }

    public void Dispose() => _held?.Dispose();
}
