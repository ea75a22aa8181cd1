namespace Telemetry.Api.Store;

/// <summary>Source of this server's readings.</summary>
/// <param name="Name">The broker and the topics; null for an embedded broker, which no other server can read.</param>
/// <param name="Group">Group of a shared subscription; its servers hold the lease together, because each message goes to one of them. Null: none.</param>
sealed record ReadingsSource(string? Name, string? Group);

/// <summary>Identity of a server for others that use the same store.</summary>
/// <param name="Id">Permanent for its spool.</param>
sealed record ServerIdentity(string Id, string Name);

/// <param name="Holder">Name of another server that holds it; null: this one does.</param>
/// <param name="AliveAt">Timestamp of the monotonic clock at which that server was alive.</param>
/// <param name="Others">Names of other live servers that store readings of other sources in the same store.</param>
sealed record LeaseState(string? Holder, long AliveAt, IReadOnlyList<string> Others);

/// <summary>Lease on storing the readings of a source: one server holds it at a time. One caller at a time.</summary>
abstract class SourceLease
{
    /// <summary>Acquires the lease if it is free, or renews it.</summary>
    public abstract Task<LeaseState> RenewAsync();

    public abstract Task ReleaseAsync();
}
