using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Api.Store;

/// <summary>A file lock next to the database, which ends with its holder in any case.</summary>
sealed class SqliteLease(string path, ReadingsSource source, ServerIdentity server) : SourceLease
{
    readonly string _path = $"{path}-lock-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.Name ?? server.Id)).AsSpan(0, 4))}";
    FileStream? _held;

    public override Task<LeaseState> RenewAsync()
    {
        try
        {
            // If no other server can read the same source, there is nothing to lock.
            if (source is { Name: not null, Group: null }) _held ??= new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return Task.FromResult(new LeaseState(null, Stopwatch.GetTimestamp(), []));
        }
        catch (IOException)
        {
            return Task.FromResult(new LeaseState("on this machine", Stopwatch.GetTimestamp(), []));
        }
    }

    public override Task ReleaseAsync()
    {
        _held?.Dispose();
        _held = null;
        return Task.CompletedTask;
    }
}
