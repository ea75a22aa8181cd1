using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>Tells when an alert is durable, and if the store has another one instead.</summary>
/// <param name="replace">Takes over the stored one.</param>
sealed class AlertDelivery(Action<Alert> replace) : Delivery
{
    readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the alert is durable.</summary>
    public Task Durable => _durable.Task;

    /// <summary>True if the store has another alert instead.</summary>
    public bool IsReplaced { get; private set; }

    public override void OnStored(Alert instead)
    {
        IsReplaced = true;
        replace(instead);
    }

    public override Task AcknowledgeAsync()
    {
        _durable.TrySetResult();
        return Task.CompletedTask;
    }
}
