using System.Reactive.Linq;
using System.Reactive.Subjects;
using MQTTnet.Formatter;

namespace Telemetry.Api.Ingest;

/// <summary>State of the link to the broker, for <c>/health/ready</c>.</summary>
sealed class BrokerStatus : IDisposable
{
    readonly BehaviorSubject<bool> _link = new(false);
    volatile string? _problem = "not connected yet";

    /// <summary>Connection state: true while messages can arrive; emits at each change.</summary>
    public IObservable<bool> Link => _link.DistinctUntilChanged();

    /// <summary>Reason why no messages can arrive; null while connected.</summary>
    public string? Problem => _problem;

    /// <summary>Address of the broker, as <c>host:port</c>.</summary>
    public string Address { get; set; } = "";

    /// <summary>Protocol version of an outside broker; 5 until the connection has settled it.</summary>
    public MqttProtocolVersion Protocol { get; set; } = MqttProtocolVersion.V500;

    /// <summary>Protocol versions, for logs and <c>/health</c>.</summary>
    public string ProtocolName { get; set; } = "5.0";

    public void Connected()
    {
        _problem = null;
        _link.OnNext(true);
    }

    public void Lost(string problem)
    {
        _problem = problem;
        _link.OnNext(false);
    }

    public void Dispose() => _link.Dispose();
}
