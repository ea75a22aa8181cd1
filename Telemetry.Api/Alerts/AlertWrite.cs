using Telemetry.Api.Store;
using Telemetry.Core.Alerts;

namespace Telemetry.Api.Alerts;

/// <summary>Reports when an alert is durable, or that the store has another alert instead.</summary>
sealed class AlertWrite(Action<Alert> replace) : InFlight
{
    readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Durable => _durable.Task;

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
