using System.ComponentModel.DataAnnotations;
using System.Reactive.Concurrency;
using System.Text;
using System.Text.Json;
using MQTTnet;
using Telemetry.Api.Http;
using Telemetry.Core.Ingest;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Ingest;

/// <summary>A message in <c>GET /ingest</c>.</summary>
/// <param name="At">Its arrival, UTC.</param>
/// <param name="Topic">Its topic, without control characters.</param>
/// <param name="Payload">The beginning of its payload, without control characters.</param>
/// <param name="Reason">Why it, or a value in it, is no reading; null: nothing was rejected.</param>
/// <param name="VehicleId">Vehicle that it was taken for; null: none.</param>
/// <param name="Readings">What was read from it, such as <c>rpm 2500</c>.</param>
sealed record RecentMessage([property: DataType(DataType.DateTime)] string At, string Topic, string Payload, string? Reason, int? VehicleId, IReadOnlyList<string> Readings);

/// <summary>The last messages, which show what arrives and why it is rejected. Thread-safe.</summary>
/// <remarks>Rejected messages are always kept, up to a few a second; accepted ones only while they are requested.</remarks>
sealed class RecentMessages(IScheduler clock)
{
    const int Capacity = 30;
    const int MaxPerSecond = 20;
    const int MaxPayload = 120;
    const int MaxTopic = 256;
    const int MaxReadings = 6;

    static readonly TimeSpan WatchTime = TimeSpan.FromSeconds(30);

    readonly Lock _gate = new();
    readonly Queue<RecentMessage> _rejected = new();
    readonly Queue<RecentMessage> _all = new();
    readonly IStopwatch _stopwatch = clock.StartStopwatch();
    long _watchedUntil = -1; // Ticks of the stopwatch.
    long _second;
    int _rejectedInSecond, _acceptedInSecond;

    /// <summary>Newest first. From now on for a while, accepted messages are kept too.</summary>
    public (IReadOnlyList<RecentMessage> All, IReadOnlyList<RecentMessage> Rejected) Watch()
    {
        Volatile.Write(ref _watchedUntil, (_stopwatch.Elapsed + WatchTime).Ticks);
        lock (_gate) return ([.. _all.Reverse()], [.. _rejected.Reverse()]);
    }

    public void Add(MqttApplicationMessage message, VehicleEvent? vehicleEvent, Rejection? reason)
    {
        var isRejected = reason is not (null or Rejection.Status or Rejection.Discovery or Rejection.Command or Rejection.Replayed);
        if (!isRejected && _stopwatch.Elapsed.Ticks > Volatile.Read(ref _watchedUntil)) return;
        if (!TryTake(isRejected)) return;
        var recent = Of(message, vehicleEvent, reason);
        lock (_gate)
        {
            Keep(_all, recent);
            if (isRejected) Keep(_rejected, recent);
        }
    }

    // Each kind has its own limit: many accepted ones must not hide the rejected.
    bool TryTake(bool isRejected)
    {
        lock (_gate)
        {
            var second = (long)_stopwatch.Elapsed.TotalSeconds;
            if (second != _second) (_second, _rejectedInSecond, _acceptedInSecond) = (second, 0, 0);
            return (isRejected ? _rejectedInSecond++ : _acceptedInSecond++) < MaxPerSecond;
        }
    }

    RecentMessage Of(MqttApplicationMessage message, VehicleEvent? vehicleEvent, Rejection? reason)
    {
        var payload = message.Payload.Slice(0, Math.Min(message.Payload.Length, MaxPayload));
        var readings = (vehicleEvent as Arrival)?.Readings ?? (vehicleEvent as RestoredValues)?.Readings ?? [];
        var topic = message.Topic.Length > MaxTopic ? message.Topic[..MaxTopic] : message.Topic;
        return new RecentMessage(
            Timestamps.Text(clock.Now.UtcDateTime),
            MessageLog.Printable(topic),
            MessageLog.Printable(Encoding.UTF8.GetString(payload)) + (message.Payload.Length > MaxPayload ? "…" : ""),
            reason is { } rejected ? JsonNamingPolicy.SnakeCaseLower.ConvertName(rejected.ToString()) : null,
            vehicleEvent?.Vehicle.Id,
            [.. readings.Take(MaxReadings).Select(reading => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{reading.Signal.Name} {reading.Value}{(reading.Signal.Unit is { } unit ? " " + unit : "")}")), .. readings.Length > MaxReadings ? ["…"] : Array.Empty<string>()]);
    }

    static void Keep(Queue<RecentMessage> queue, RecentMessage message)
    {
        queue.Enqueue(message);
        while (queue.Count > Capacity) queue.Dequeue();
    }
}
