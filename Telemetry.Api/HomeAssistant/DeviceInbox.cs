using Telemetry.Core.Alerts;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.HomeAssistant;

/// <summary>Changes to be published: only the newest snapshot of each vehicle, so memory is bounded by the number of vehicles. Thread-safe.</summary>
sealed class DeviceInbox(HomeAssistantSettings settings)
{
    /// <summary>Minimum time between two messages of a vehicle's values. Home Assistant writes each into its database and shows no more than one a second.</summary>
    public static readonly TimeSpan UpdateInterval = TimeSpan.FromSeconds(1);

    readonly Lock _gate = new();
    readonly Queue<Vehicle> _order = new();
    readonly Dictionary<Vehicle, VehicleSnapshot> _waiting = [];
    Dictionary<(Vehicle Vehicle, int RuleId), Alert> _alerts = [];
    volatile TaskCompletionSource _changed = Signal();

    public bool IsEnabled => settings.Enabled;

    public void Enqueue(VehicleSnapshot snapshot)
    {
        lock (_gate)
        {
            if (!_waiting.ContainsKey(snapshot.Vehicle)) _order.Enqueue(snapshot.Vehicle);
            _waiting[snapshot.Vehicle] = snapshot;
        }

        Wake();
    }

    public void Enqueue(Alert alert)
    {
        if (!IsEnabled || alert.Vehicle is null) return;
        lock (_gate) _alerts[(alert.Vehicle, alert.RuleId)] = alert;
        Wake();
    }

    public bool TryTake(out VehicleSnapshot snapshot)
    {
        lock (_gate)
        {
            snapshot = null!;
            return _order.TryDequeue(out var vehicle) && _waiting.Remove(vehicle, out snapshot!);
        }
    }

    /// <summary>The newest alert per rule and vehicle that changed since the last call.</summary>
    public IReadOnlyCollection<Alert> TakeAlerts()
    {
        lock (_gate)
        {
            var taken = _alerts;
            if (taken.Count > 0) _alerts = [];
            return taken.Values;
        }
    }

    public void Wake() => _changed.TrySetResult();

    /// <summary>Waits for a change since the last wait. The caller takes the changes afterwards.</summary>
    public async Task WaitAsync(TimeSpan patience, CancellationToken stopping)
    {
        await _changed.Task.WaitAsync(patience, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
        _changed = Signal();
    }

    static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
