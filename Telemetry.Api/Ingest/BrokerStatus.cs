using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Telemetry.Api.Ingest;

/// <summary>State of the link to the broker, for <c>/health/ready</c>.</summary>
sealed class BrokerStatus : IDisposable
{
    readonly BehaviorSubject<bool> _link = new(false);
    volatile string? _problem = "not connected yet";

    public IObservable<bool> Link => _link.DistinctUntilChanged();

    public string? Problem => _problem;

    public string Address { get; set; } = "";

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
