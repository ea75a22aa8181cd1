using System.Buffers;
using System.Reactive.Concurrency;
using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Support;

/// <summary>A reader of messages, and what came of each, in words.</summary>
sealed class Messages
{
    static readonly PresenceLimits Timeouts = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));

    readonly HistoricalScheduler _clock = new(Cars.Noon);
    readonly MessageReader _reader;

    /// <summary>The door into a graph, for WiCAN dongles.</summary>
    public static Intake Intake(LiveGraph graph, IScheduler scheduler, VehicleRegistry? vehicles = null, IngestCounters? counters = null, int newVehiclesPerMinute = 0)
    {
        var signals = new SignalCatalog();
        return new Intake(new MessageReader(new TopicRules("wican/#", [], signals), signals, vehicles ?? new VehicleRegistry(), new RegistrationLimit(newVehiclesPerMinute), new AnswerSources(signals, Timeouts, scheduler), new TroubleCodeRegistry(), counters ?? new IngestCounters()), graph, scheduler);
    }

    public Messages(string topicFilter = "wican/#", params TopicRule[] rules)
    {
        var signals = new SignalCatalog();
        _reader = new MessageReader(new TopicRules(topicFilter, rules, signals), signals, Vehicles, new RegistrationLimit(NewVehiclesPerMinute), new AnswerSources(signals, Timeouts, _clock), Codes, Counters);
    }

    /// <summary>As the server limits it.</summary>
    public const int NewVehiclesPerMinute = 1000;

    public IngestCounters Counters { get; } = new();

    public VehicleRegistry Vehicles { get; } = new();

    public TroubleCodeRegistry Codes { get; } = new();

    /// <summary>The reasons counted so far, such as <c>Status=1</c>.</summary>
    public string Rejections => string.Join(' ', Enum.GetValues<Rejection>().Where(reason => Counters.Rejected(reason) > 0)
        .Select(reason => $"{reason}={Counters.Rejected(reason)}"));

    public VehicleEvent? Read(string topic, byte[] payload, bool retained = false, DateTime? at = null)
    {
        if (at > _clock.Now.UtcDateTime) _clock.AdvanceTo(at.Value);
        return _reader.Read(topic, new ReadOnlySequence<byte>(payload), retained, at ?? Cars.Noon, (at ?? Cars.Noon) - Cars.Noon);
    }

    /// <summary>The readings of a message, such as <c>car7: rpm=900 soc=71.5</c>; or <c>nothing</c>.</summary>
    public string Readings(string topic, string payload, DateTime? at = null) => Read(topic, Encoding.UTF8.GetBytes(payload), at: at) is Arrival arrival
        ? $"{arrival.Vehicle.Device}: " + string.Join(' ', arrival.Readings.Select(reading => FormattableString.Invariant($"{reading.Signal}={reading.Value}")))
        : "nothing";
}
