using System.Collections.Concurrent;
using System.Data.Common;
using Telemetry.Api.Hosting;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>Computes the sums of ended drives before a request needs them. Thread-safe.</summary>
sealed class TripKeeper(TripReader reader, TimeProvider clock, LoopWatch loops) : BackgroundService
{
    // Drives of an import end one after the other: their vehicle is read once for many of them.
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    static readonly TimeSpan Range = TimeSpan.FromDays(TripRange.MaxDays);

    readonly ConcurrentDictionary<Vehicle, bool> _due = new();

    public void Plan(Vehicle vehicle) => _due[vehicle] = true;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the sums of drives", async () =>
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            foreach (var vehicle in _due.Keys.ToList()) await ReadAsync(vehicle, stoppingToken);
    }, stoppingToken);

    async Task ReadAsync(Vehicle vehicle, CancellationToken stopping)
    {
        _due.TryRemove(vehicle, out _);
        if (vehicle.Current.IsGone) return;
        try
        {
            var now = clock.GetUtcNow().UtcDateTime;
            await reader.ReadAsync(vehicle.Current, now - Range, now, stopping);
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            _due.TryAdd(vehicle, true); // The store is away or busy: with the next tick.
        }
    }
}
