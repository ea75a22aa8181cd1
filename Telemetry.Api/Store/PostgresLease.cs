using System.Data.Common;
using System.Diagnostics;
using Dapper;

namespace Telemetry.Api.Store;

/// <summary>A row with a counter that its holder increments. A holder whose counter stays the same for <see cref="Expiry"/> is gone.</summary>
/// <remarks>No session lock, because a pooler in transaction mode gives sessions to others; no clock but this machine's monotonic one.</remarks>
sealed class PostgresLease(StoreDialect dialect, ReadingsSource source, ServerIdentity self) : SourceLease
{
    static readonly TimeSpan Expiry = TimeSpan.FromSeconds(10);

    readonly ServerIdentity _holder = source.Group is { } group ? self with { Id = $"$share/{group}" } : self;
    readonly string _source = source.Name ?? $"server {self.Id}";
    readonly Dictionary<string, Seen> _seen = [];
    long _polledAt;

    public override async Task<LeaseState> RenewAsync()
    {
        var now = Stopwatch.GetTimestamp();
        await using var connection = dialect.Connect();
        await connection.OpenAsync();
        var rows = (await connection.QueryAsync<LeaseRow>("SELECT source, server_id, name, beat FROM leases")).ToList();
        foreach (var row in rows)
        {
            // Alive some time after the previous poll: the counter has changed since.
            if (!_seen.TryGetValue(row.Source, out var seen)) _seen[row.Source] = new Seen(row.ServerId, row.Beat, now, 0);
            else if (seen.ServerId != row.ServerId || seen.Beat != row.Beat) _seen[row.Source] = new Seen(row.ServerId, row.Beat, now, _polledAt);
        }

        _polledAt = now;
        var isHeld = await TakeAsync(connection);
        var others = rows.Where(row => row.Source != _source && row.ServerId != _holder.Id && _seen[row.Source].AliveAt > 0 && !IsExpired(_seen[row.Source])).Select(row => row.Name).Distinct().ToList();
        var holder = isHeld ? null : rows.Find(row => row.Source == _source)?.Name ?? "";
        return new LeaseState(holder, isHeld ? now : _seen.GetValueOrDefault(_source)?.AliveAt ?? 0, others);
    }

    public override async Task ReleaseAsync()
    {
        if (source.Group is not null) return; // Other servers of the group continue.
        await using var connection = dialect.Connect();
        await connection.OpenAsync();
        await connection.ExecuteAsync("DELETE FROM leases WHERE server_id = @Id", new { _holder.Id });
    }

    // It is free, held by this server, or its holder is gone. The statement checks all conditions, so only one of two servers succeeds.
    async Task<bool> TakeAsync(DbConnection connection)
    {
        var gone = _seen.GetValueOrDefault(_source) is { } seen && IsExpired(seen) ? seen : null;
        var taken = await connection.ExecuteAsync("""
            INSERT INTO leases AS known (source, server_id, name, beat) VALUES (@_source, @Id, @Name, 1)
            ON CONFLICT (source) DO UPDATE SET server_id = @Id, name = @Name, beat = known.beat + 1
            WHERE known.server_id = @Id OR (known.server_id = @GoneId AND known.beat = @GoneBeat)
            """, new { _source, _holder.Id, _holder.Name, GoneId = gone?.ServerId ?? "", GoneBeat = gone?.Beat ?? 0 });
        return taken == 1;
    }

    static bool IsExpired(Seen seen) => Stopwatch.GetElapsedTime(seen.Since) > Expiry;

    /// <param name="AliveAt">Zero if only one value of the counter was seen.</param>
    sealed record Seen(string ServerId, long Beat, long Since, long AliveAt);

    internal sealed record LeaseRow(string Source, string ServerId, string Name, long Beat);
}
