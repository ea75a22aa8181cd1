using System.Diagnostics.Metrics;
using Telemetry.Core.Live;

namespace Telemetry.Api.Diagnostics;

/// <summary>Latency of readings since their arrival at the server. Measured only while an exporter reads it.</summary>
sealed class Latencies
{
    public const string Meter = "Telemetry";

    readonly Histogram<double> _send;
    readonly Histogram<double> _durable;

    readonly LiveGraphs _graphs;

    public Latencies(IMeterFactory meters, LiveGraphs graphs)
    {
        _graphs = graphs;
        var meter = meters.Create(Meter);
        _send = meter.CreateHistogram("telemetry.broadcast.latency", "s", "Time from a reading's arrival until it is written to the last client that keeps up; once for each message and sending loop.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1] });
        _durable = meter.CreateHistogram("telemetry.history.latency", "s", "Time from a message's arrival until its readings are durable, in the store or the spool.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60] });
    }

    public bool MeasuresSends => _send.Enabled;

    public bool MeasuresDurability => _durable.Enabled;

    /// <param name="heardAt">Arrival of the newest reading, as <see cref="LiveGraphs.Elapsed"/>.</param>
    public void Sent(TimeSpan heardAt) => _send.Record((_graphs.Elapsed - heardAt).TotalSeconds);

    public void Durable(TimeSpan age) => _durable.Record(age.TotalSeconds);
}
