using System.Data.Common;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Store;

/// <summary>Vehicles that this server hears, stores and judges: all, unless the instances of a cluster share them. Thread-safe.</summary>
class VehicleOwnership
{
    /// <summary>True if other instances hear some of the vehicles.</summary>
    public virtual bool IsShared => false;

    public virtual bool Owns(Vehicle vehicle) => true;

    /// <summary>Entries without those whose vehicle is another instance's.</summary>
    public virtual IReadOnlyList<HistoryEntry> Owned(IReadOnlyList<HistoryEntry> entries) => entries;

    /// <summary>Last step of the transaction that writes the entries. Throws <see cref="NotOwnerException"/> if another instance has taken over some of them; <see cref="Owned"/> leaves them out from then on.</summary>
    public virtual Task ConfirmAsync(DbTransaction transaction, IReadOnlyList<HistoryEntry> entries) => Task.CompletedTask;
}

/// <summary>Another instance has taken over some of the vehicles.</summary>
sealed class NotOwnerException() : Exception("Another instance owns the vehicle.");
