namespace Telemetry.Api.Store;

/// <summary>Where this server's readings come from.</summary>
/// <param name="Name">The broker and the topics; null where no other server can read the same: an embedded broker.</param>
/// <param name="Group">The group of a shared subscription, whose servers hold a lease together: each message is of one of them. Null: none.</param>
sealed record ReadingsSource(string? Name, string? Group);

/// <summary>A server, for others that use the same store.</summary>
/// <param name="Id">Stays the same for its spool.</param>
/// <param name="Name">Shown to people.</param>
sealed record ServerIdentity(string Id, string Name);

/// <summary>How a lease stands.</summary>
/// <param name="Holder">The name of the other server that holds it; null: this one does.</param>
/// <param name="AliveAt">A time, as a timestamp of the monotonic clock, at which that server was alive.</param>
/// <param name="Others">Names of other servers that are alive and keep readings of other sources in the same store.</param>
sealed record LeaseState(string? Holder, long AliveAt, IReadOnlyList<string> Others);

/// <summary>The right to keep the readings of a source in a store: one server has it at a time. One caller at a time.</summary>
abstract class SourceLease
{
    /// <summary>Takes the lease where it is free, and keeps it where this server has it.</summary>
    public abstract Task<LeaseState> RenewAsync();

    /// <summary>Gives the lease up.</summary>
    public abstract Task ReleaseAsync();
}
