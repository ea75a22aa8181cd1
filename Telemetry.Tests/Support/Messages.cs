using System.Buffers;
using System.Reactive.Concurrency;
using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Core.Live;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Support;

/// <summary>A reader of messages, and what came of each, in words.</summary>
sealed class Messages
{
    static readonly PresenceLimits Timeouts = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));

    // More than one, so that every test of a message meets vehicles of several.
    const int Partitions = 3;

    readonly HistoricalScheduler _clock = new(Cars.Noon);
    readonly LiveInput _intake;

    /// <summary>The entry into a graph, for WiCAN dongles.</summary>
    public static LiveInput Intake(LiveGraphs graphs, IScheduler scheduler, VehicleRegistry? vehicles = null, IngestCounters? counters = null, int newVehiclesPerMinute = 0) =>
        Intake(graphs, scheduler, Timeouts, vehicles ?? new VehicleRegistry(), new TroubleCodeRegistry(), counters ?? new IngestCounters(), newVehiclesPerMinute, new SignalCatalog(), "wican/#");

    /// <summary>The entry into graphs, for the publishers that the rules know.</summary>
    public static LiveInput Intake(LiveGraphs graphs, IScheduler scheduler, PresenceLimits limits, VehicleRegistry vehicles, TroubleCodeRegistry codes, IngestCounters counters, int newVehiclesPerMinute, SignalCatalog signals, string topicFilter, params TopicRule[] rules)
    {
        var limit = new RegistrationLimit(newVehiclesPerMinute);
        return new LiveInput(new TopicRules(topicFilter, rules, signals), vehicles, codes, counters, graphs,
            partition => new MessageReader(partition, signals, vehicles, limit, new AnswerSources(signals, limits, scheduler), codes, counters), scheduler);
    }

    public Messages(string topicFilter = "wican/#", params TopicRule[] rules) => _intake =
        Intake(new LiveGraphs(Partitions, new Pacing(TimeSpan.Zero, Timeouts), _clock), _clock, Timeouts, Vehicles, Codes, Counters, NewVehiclesPerMinute, new SignalCatalog(), topicFilter, rules);

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
        return _intake.Take(topic, new ReadOnlySequence<byte>(payload), retained);
    }

    /// <summary>The readings of a message, such as <c>car7: rpm=900 soc=71.5</c>; or <c>nothing</c>.</summary>
    public string Readings(string topic, string payload, DateTime? at = null) => Read(topic, Encoding.UTF8.GetBytes(payload), at: at) is Arrival arrival
        ? $"{arrival.Vehicle.Device}: " + string.Join(' ', arrival.Readings.Select(reading => FormattableString.Invariant($"{reading.Signal}={reading.Value}")))
        : "nothing";
}
