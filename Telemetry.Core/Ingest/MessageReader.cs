using Telemetry.Core.Signals;
using Telemetry.Core.Time;
using Telemetry.Core.TroubleCodes;
using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Ingest;

/// <summary>Converts MQTT messages of a partition into events of its vehicles, or counts their rejection. One caller at a time.</summary>
public sealed class MessageReader(Partition partition, SignalCatalog signals, VehicleRegistry vehicles, RegistrationLimit limit, AnswerSources sources, TroubleCodeRegistry codes, IngestCounters counters)
{
    // A dongle's own voltage replaces the control module's, unless that one came within twice the longest publish period.
    static readonly TimeSpan ModuleVoltageValidFor = TimeSpan.FromMinutes(2);

    readonly PayloadReader _payloads = new(signals);
    readonly Dictionary<Vehicle, Clock> _clocks = [];

    /// <summary>Reads one message.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="octets">Its payload.</param>
    /// <param name="retained">True if the broker had retained it from before: its values have no timestamps.</param>
    /// <param name="now">Time of arrival, UTC.</param>
    /// <param name="elapsed">The same moment on the monotonic clock, for durations.</param>
    /// <param name="replays">Given if the publisher set the retain flag: the message may be an old one, sent again by a bridge.</param>
    /// <param name="other">Vehicle of another partition that the message turns out to be of; nothing has been counted or changed then.</param>
    /// <returns>An <see cref="Arrival"/>, <see cref="RestoredValues"/> if retained, a <see cref="Will"/>, a <see cref="WillRevoked"/>; null for anything else.</returns>
    internal VehicleEvent? Read(in TopicMatch topic, ReadOnlySpan<byte> octets, bool retained, DateTime now, TimeSpan elapsed, ReplayDetector? replays, out Vehicle? other)
    {
        if (Values(topic, octets, now, elapsed, isNew: !retained, out other) is not var (vehicle, values)) return retained || other is not null ? null : StatusOf(topic, octets);
        if (retained) return new RestoredValues(vehicle, [.. values.Select(value => new Reading(value.Signal, value.Value, default))]);
        if (replays?.IsReplay(vehicle, values, elapsed) == true)
        {
            counters.Count(Rejection.Replayed);
            return null;
        }

        counters.CountReadings(values.Count);
        var clock = ClockOf(vehicle);
        var readings = WithTimestamps(values, ReadingTime.After(clock.Last, now));
        clock.Last = readings[^1].At;
        return new Arrival(vehicle, readings);
    }

    /// <summary>Reads a redelivered message.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="octets">Its payload.</param>
    /// <param name="arrived">Timestamp of its first reading at the first arrival.</param>
    /// <param name="isDated">True if the broker has given that time, and this may be the first delivery.</param>
    /// <param name="now">The present time, UTC.</param>
    /// <param name="elapsed">The same moment on the monotonic clock.</param>
    /// <param name="isNews">True if it is newer than every known reading of the vehicle: the first arrival left no trace.</param>
    /// <param name="other">As in <see cref="Read"/>.</param>
    /// <returns>An <see cref="Arrival"/> with the same timestamps as before; a first delivery may also be a <see cref="Will"/> or <see cref="WillRevoked"/>. Null for anything else.</returns>
    internal VehicleEvent? ReadAgain(in TopicMatch topic, ReadOnlySpan<byte> octets, DateTime arrived, bool isDated, DateTime now, TimeSpan elapsed, out bool isNews, out Vehicle? other)
    {
        isNews = false;
        if (Values(topic, octets, arrived, elapsed, isNew: isDated, out other) is not var (vehicle, values))
        {
            var status = isDated && other is null ? StatusOf(topic, octets) : null;
            isNews = status is not null;
            return status;
        }

        var clock = ClockOf(vehicle);
        // A known timestamp in the future says nothing about the order.
        isNews = arrived > clock.Last || clock.Last > ReadingTime.LatestOf(now);
        if (isNews) counters.CountReadings(values.Count);
        var readings = WithTimestamps(values, arrived);
        StartAfter(vehicle, readings[^1].At);
        return new Arrival(vehicle, readings);
    }

    VehicleEvent? StatusOf(in TopicMatch match, ReadOnlySpan<byte> payload)
    {
        if (match.Kind != TopicKind.Status || vehicles.Known(match.Device) is not { } vehicle) return null;
        return StatusReader.Read(payload) switch
        {
            DongleStatus.Offline => new Will(vehicle),
            DongleStatus.Online => new WillRevoked(vehicle),
            _ => null,
        };
    }

    (Vehicle Vehicle, List<(Signal Signal, double Value)> Values)? Values(in TopicMatch topic, ReadOnlySpan<byte> payload, DateTime now, TimeSpan elapsed, bool isNew, out Vehicle? other)
    {
        other = null;
        var steady = DateTime.UnixEpoch + elapsed; // Monotonic time, for parameters of type DateTime.
        var values = _payloads.Read(payload, topic, steady);
        var isEmpty = values.Count == 0 && _payloads.Diagnostics.Count == 0;
        var device = DeviceOf(topic);
        var isDevice = isEmpty || ReadingRule.IsDevice(device);
        var vehicle = isEmpty || !isDevice ? null : vehicles.Known(device);
        if (vehicle is not null && !partition.Owns(vehicle))
        {
            other = vehicle;
            return null;
        }

        foreach (var rejection in _payloads.Rejections) counters.Count(rejection);
        if (isEmpty) return null;
        if (!isDevice)
        {
            counters.Count(Rejection.Topic);
            return null;
        }

        vehicle ??= Register(device, values, now, steady);
        if (vehicle is not null && !partition.Owns(vehicle))
        {
            other = vehicle;
            return null;
        }

        return vehicle is not null && Prepare(vehicle, values, now, steady, isNew) ? (vehicle, values) : null;
    }

    ReadOnlySpan<char> DeviceOf(in TopicMatch topic) => _payloads.IsGroup && !topic.GroupDevice.IsEmpty ? topic.GroupDevice : topic.Device;

    Vehicle? Register(ReadOnlySpan<char> device, List<(Signal Signal, double Value)> values, DateTime now, DateTime steady)
    {
        if (values.Count > 0 && !HasNames(values, new NameBudget(device.ToString()), now)) return null;
        if (limit.TryTake(steady)) return vehicles.Of(device);
        counters.Count(Rejection.TooManyVehicles);
        return null;
    }

    // False if no value is left.
    bool Prepare(Vehicle vehicle, List<(Signal Signal, double Value)> values, DateTime now, DateTime steady, bool isNew)
    {
        if (isNew) foreach (var answer in _payloads.Diagnostics) codes.Report(vehicle, answer, now);
        if (_payloads.Answers.Count > 0)
            for (var dropped = sources.Assign(vehicle, values, _payloads.Answers); dropped > 0; dropped--) counters.Count(Rejection.TooManySignals);
        if (values.Count > 0) ReserveNames(values, ClockOf(vehicle).Names, now);
        if (values.Count == 0) return false;
        PreferModuleVoltage(values, ClockOf(vehicle), steady);
        return true;
    }

    // A message in which every name exceeds the budget does not create a vehicle.
    bool HasNames(List<(Signal Signal, double Value)> values, NameBudget budget, DateTime now)
    {
        foreach (var (signal, _) in values)
            if (signals.CanTake(signal, budget, now)) return true;
        foreach (var _ in values) counters.Count(Rejection.TooManySignals);
        return false;
    }

    void ReserveNames(List<(Signal Signal, double Value)> values, NameBudget budget, DateTime now)
    {
        var taken = 0;
        for (var i = 0; i < values.Count; i++)
        {
            var (signal, value) = values[i];
            if (signals.TryTake(ref signal, budget, now)) values[taken++] = (signal, value);
            else counters.Count(Rejection.TooManySignals);
        }

        values.RemoveRange(taken, values.Count - taken);
    }

    /// <summary>Counts the signal names of a vehicle's stored values, as far as they are still in use.</summary>
    public void CountNames(Vehicle vehicle, Reading[] readings, DateTime now)
    {
        foreach (var reading in readings) signals.Restore(reading.Signal, ClockOf(vehicle).Names, reading.At, now);
    }

    /// <summary>Ensures new timestamps stay after known ones if the clock was set back a little.</summary>
    public void StartAfter(Vehicle vehicle, DateTime newest)
    {
        var clock = ClockOf(vehicle);
        if (newest > clock.Last) clock.Last = newest;
    }

    /// <summary>Removes a vehicle.</summary>
    /// <returns>Timestamp of its newest reading, UTC; <c>default</c> if it has none.</returns>
    internal DateTime Remove(Vehicle vehicle)
    {
        sources.Remove(vehicle);
        return _clocks.Remove(vehicle, out var clock) ? clock.Last : default;
    }

    // All readings of a message share its timestamp, unless it contains a signal twice. Two messages of a vehicle never share one.
    static Reading[] WithTimestamps(List<(Signal Signal, double Value)> values, DateTime at)
    {
        var readings = new Reading[values.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            for (var earlier = 0; earlier < i; earlier++)
                if (readings[earlier].Signal == values[i].Signal && readings[earlier].At == at) at = at.AddMicroseconds(1);
            readings[i] = new Reading(values[i].Signal, values[i].Value, at);
        }

        return readings;
    }

    void PreferModuleVoltage(List<(Signal Signal, double Value)> values, Clock clock, DateTime now)
    {
        var battery = -1;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Signal == Signal.ControlModuleVoltage) clock.ModuleVoltage = now;
            if (values[i].Signal == signals.BatteryVoltage && Signal.ControlModuleVoltage.Accepts(values[i].Value)) battery = i;
        }

        if (battery >= 0 && now - clock.ModuleVoltage > ModuleVoltageValidFor)
            values[battery] = (Signal.ControlModuleVoltage, values[battery].Value);
    }

    Clock ClockOf(Vehicle vehicle)
    {
        if (!_clocks.TryGetValue(vehicle, out var clock)) _clocks[vehicle] = clock = new Clock(vehicle);
        return clock;
    }

    sealed class Clock(Vehicle vehicle)
    {
        public NameBudget Names { get; } = new(vehicle.Device ?? vehicle.Key);

        public DateTime Last { get; set; }

        public DateTime ModuleVoltage { get; set; }
    }
}
