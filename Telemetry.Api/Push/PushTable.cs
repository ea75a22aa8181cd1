using System.Data.Common;
using Dapper;
using Telemetry.Api.Store;

namespace Telemetry.Api.Push;

/// <summary>Rows of <c>push_subscriptions</c> and <c>push_key</c>. Members throw <see cref="DbException"/> while the database is unavailable.</summary>
sealed class PushTable(StoreDialect dialect)
{
    public async Task<IReadOnlyList<PushSubscriber>> ReadAsync(DbConnection connection, DbTransaction? transaction = null) => (await connection.QueryAsync<PushSubscriber>($"""
        SELECT endpoint AS Endpoint, p256dh AS P256dh, auth AS Auth, origin AS Origin, language AS Language, subject AS Subject, vehicles AS Vehicles, access AS Access, login AS Login,
               {dialect.Microseconds("created_at")} AS CreatedAt, {dialect.Microseconds("seen_at")} AS SeenAt
        FROM push_subscriptions
        ORDER BY created_at, endpoint
        """, transaction: transaction)).AsList();

    public Task SaveAsync(DbTransaction transaction, PushSubscriber subscriber) => transaction.Connection!.ExecuteAsync("""
        INSERT INTO push_subscriptions (endpoint, p256dh, auth, origin, language, subject, vehicles, access, login, created_at, seen_at)
        VALUES (@Endpoint, @P256dh, @Auth, @Origin, @Language, @Subject, @Vehicles, @Access, @Login, @CreatedAt, @SeenAt)
        ON CONFLICT (endpoint) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth, origin = excluded.origin, language = excluded.language, subject = excluded.subject,
            vehicles = excluded.vehicles, access = excluded.access, login = excluded.login, seen_at = excluded.seen_at
        """, Row(subscriber), transaction);

    public static async Task RemoveAsync(DbTransaction transaction, IReadOnlyCollection<string> endpoints)
    {
        foreach (var endpoint in endpoints) await transaction.Connection!.ExecuteAsync("DELETE FROM push_subscriptions WHERE endpoint = @endpoint", new { endpoint }, transaction);
    }

    /// <summary>Null: none yet.</summary>
    public static Task<string?> ReadKeyAsync(DbConnection connection, DbTransaction? transaction = null) =>
        connection.ExecuteScalarAsync<string?>("SELECT private_key FROM push_key WHERE id = 1", transaction: transaction);

    public static Task AddKeyAsync(DbTransaction transaction, string key) =>
        transaction.Connection!.ExecuteAsync("INSERT INTO push_key (id, private_key) VALUES (1, @key) ON CONFLICT DO NOTHING", new { key }, transaction);

    PushParameters Row(PushSubscriber subscriber) => new(
        subscriber.Endpoint, subscriber.P256dh, subscriber.Auth, subscriber.Origin, subscriber.Language, subscriber.Subject, subscriber.Vehicles, subscriber.Access, subscriber.Login,
        dialect.Time(DateTime.UnixEpoch.AddMicroseconds(subscriber.CreatedAt)), dialect.Time(DateTime.UnixEpoch.AddMicroseconds(subscriber.SeenAt)));

    internal sealed record PushParameters(
        string Endpoint, string P256dh, string Auth, string Origin, string? Language, string? Subject, string? Vehicles, string Access, string? Login, object CreatedAt, object SeenAt);
}
