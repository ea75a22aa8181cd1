using System.Data.Common;
using Dapper;
using Telemetry.Api.Store;

namespace Telemetry.Cluster;

/// <summary>Owners of the shards, in the store. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class ShardStore(StoreDialect dialect, ClusterSettings settings, ILocalSiloDetails silo)
{
    // Identifiers of half of all packets: older ones belong to other messages.
    const int MaxArrivals = ushort.MaxValue / 2;
    const int KeptBatches = 10_000;
    const int CheckTimeout = 2;

    string Owner => silo.SiloAddress.ToParsableString();

    /// <summary>Becomes the owner of a shard, and ends the ownership of the one before. Null if this instance is no member of the cluster any more.</summary>
    public async Task<long?> ClaimAsync(int shard) => (await ClaimAsync([shard])).TryGetValue(shard, out var epoch) ? epoch : null;

    /// <summary>Becomes the owner of shards. Empty if this instance is no member of the cluster any more.</summary>
    /// <returns>Epoch of each.</returns>
    public async Task<IReadOnlyDictionary<int, long>> ClaimAsync(int[] shards)
    {
        await using var connection = await OpenAsync();
        var address = silo.SiloAddress;
        var rows = await connection.QueryAsync<ShardRow>("""
            WITH free AS (
                SELECT shard FROM cluster_shards
                WHERE shard = ANY(@shards) AND EXISTS (
                    SELECT 1 FROM cluster_members WHERE cluster = @Name AND address = @Address AND port = @Port AND generation = @Generation AND status = 3)
                ORDER BY shard FOR UPDATE)
            UPDATE cluster_shards s SET epoch = epoch + 1, owner = @Owner FROM free WHERE s.shard = free.shard
            RETURNING s.shard, s.epoch
            """, new { shards, Owner, settings.Name, Address = $"{address.Endpoint.Address}", address.Endpoint.Port, address.Generation });
        return rows.ToDictionary(row => row.Shard, row => row.Epoch);
    }

    /// <summary>Epochs of the shards that this instance owns.</summary>
    public async Task<IReadOnlyDictionary<int, long>> OwnAsync()
    {
        await using var connection = await OpenAsync();
        var rows = await connection.QueryAsync<ShardRow>("SELECT shard, epoch FROM cluster_shards WHERE owner = @Owner", new { Owner }, commandTimeout: CheckTimeout);
        return rows.ToDictionary(row => row.Shard, row => row.Epoch);
    }

    /// <summary>Last statement of a transaction: true if the instance still owns the shards. Otherwise the transaction has failed.</summary>
    public static async Task<bool> TryConfirmAsync(DbTransaction transaction, IReadOnlyCollection<(int Shard, long Epoch)> shards, IReadOnlyCollection<TakenMessage> arrivals)
    {
        try
        {
            await transaction.Connection!.ExecuteAsync("""
                SELECT confirm_shards(@shards, @epochs);
                INSERT INTO cluster_arrivals (packet_ids, hashes, arrived) SELECT @packetIds, @hashes, @arrived WHERE cardinality(@packetIds) > 0
                """,
                new
                {
                    shards = shards.Select(shard => shard.Shard).ToArray(),
                    epochs = shards.Select(shard => shard.Epoch).ToArray(),
                    packetIds = arrivals.Select(arrival => arrival.PacketId).ToArray(),
                    hashes = arrivals.Select(arrival => (long)arrival.Hash).ToArray(),
                    arrived = arrivals.Select(arrival => arrival.Arrived.Ticks).ToArray(),
                },
                transaction);
            return true;
        }
        catch (DbException error) when (error.SqlState == "TL001")
        {
            return false;
        }
    }

    public static async Task<IEnumerable<(int Shard, long Epoch)>> EpochsAsync(DbConnection connection, int[] shards) =>
        (await connection.QueryAsync<ShardRow>("SELECT shard, epoch FROM cluster_shards WHERE shard = ANY(@shards)", new { shards })).Select(row => (row.Shard, row.Epoch));

    /// <summary>Stored messages of the broker that may not be acknowledged yet, the oldest first.</summary>
    public async Task<IReadOnlyList<(ushort PacketId, ulong Hash, DateTime Arrived)>> ArrivalsAsync()
    {
        await using var connection = await OpenAsync();
        List<ArrivalsRow> rows = [];
        var count = 0;
        foreach (var row in await connection.QueryAsync<ArrivalsRow>("SELECT packet_ids AS PacketIds, hashes AS Hashes, arrived AS Arrived FROM cluster_arrivals ORDER BY number DESC LIMIT @MaxArrivals", new { MaxArrivals }))
        {
            rows.Add(row);
            if ((count += row.PacketIds.Length) >= MaxArrivals) break;
        }

        rows.Reverse();
        return [.. rows.SelectMany(row => row.PacketIds.Select((id, i) => ((ushort)id, (ulong)row.Hashes[i], new DateTime(row.Arrived[i], DateTimeKind.Utc))))];
    }

    public async Task ClearArrivalsAsync()
    {
        await using var connection = await OpenAsync();
        await connection.ExecuteAsync("DELETE FROM cluster_arrivals");
    }

    public async Task TrimArrivalsAsync()
    {
        await using var connection = await OpenAsync();
        await connection.ExecuteAsync("DELETE FROM cluster_arrivals WHERE number < (SELECT max(number) FROM cluster_arrivals) - @KeptBatches", new { KeptBatches });
    }

    async Task<DbConnection> OpenAsync()
    {
        var connection = dialect.Connect();
        await connection.OpenAsync();
        return connection;
    }

    sealed class ShardRow
    {
        public int Shard { get; set; }

        public long Epoch { get; set; }
    }

    sealed class ArrivalsRow
    {
        public int[] PacketIds { get; set; } = [];

        public long[] Hashes { get; set; } = [];

        public long[] Arrived { get; set; } = [];
    }
}
