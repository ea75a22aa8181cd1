namespace Telemetry.Api.Store;

/// <summary>Source of this server's readings: broker and topics. The name is null for an embedded broker, which no other server can read. Servers of a shared subscription (<paramref name="Group"/>) hold the lease together.</summary>
sealed record ReadingsSource(string? Name, string? Group);

/// <summary>Identity of a server for others on the same store. The id is permanent for its spool.</summary>
sealed record ServerIdentity(string Id, string Name);

/// <param name="Holder">State of the lease. <paramref name="Holder"/> is null if this server has it; <paramref name="AliveAt"/> is by the monotonic clock; <paramref name="Others"/> store readings of other sources in the same store.</param>
sealed record LeaseState(string? Holder, long AliveAt, IReadOnlyList<string> Others);

/// <summary>Lease on storing the readings of a source: one server holds it at a time. One caller at a time.</summary>
abstract class SourceLease
{
    public abstract Task<LeaseState> RenewAsync();

    public abstract Task ReleaseAsync();
}
