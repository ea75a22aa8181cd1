using Telemetry.Core.Broadcast;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Broadcast;

/// <summary>The newest message of every vehicle, in the order of their last change, and who is waiting for the next one.</summary>
/// <remarks>
/// A client is a cursor, not a queue: what it still has to get are the vehicles that changed after it. So the newest message of
/// a vehicle always replaces an older one that a slow client has not taken, a newcomer's snapshot is the same walk from the
/// beginning, and publishing costs the same for one client as for ten thousand. Thread-safe.
/// </remarks>
sealed class Hub(ILogger<Hub> log)
{
    // What a slow client may hold of messages that are replaced meanwhile; small against the socket's own buffers.
    const int MostAtOnce = 256;

    readonly Lock _gate = new();
    readonly Dictionary<Vehicle, LinkedListNode<Frame>> _frames = [];
    readonly LinkedList<Frame> _byChange = [];
    TaskCompletionSource _change = NewChange();
    long _sequence;

    /// <summary>Completed by the next message of any vehicle. To be read before <see cref="Collect"/>, so that none is missed.</summary>
    public Task Change
    {
        get
        {
            lock (_gate) return _change.Task;
        }
    }

    /// <summary>Makes a picture the newest message of its vehicle.</summary>
    public void Publish(VehiclePicture picture)
    {
        var message = TelemetryMessage.Serialize(picture);
        TaskCompletionSource change;
        lock (_gate)
        {
            if (_frames.TryGetValue(picture.Vehicle, out var node)) _byChange.Remove(node);
            else _frames[picture.Vehicle] = node = new LinkedListNode<Frame>(default);
            node.Value = new Frame(++_sequence, picture.Vehicle.Id, message);
            _byChange.AddLast(node);
            change = _change;
            _change = NewChange();
        }

        change.SetResult();
        BroadcastLog.Sent(log, picture.Vehicle.Id);
    }

    /// <summary>Gathers messages newer than a cursor, the oldest first.</summary>
    /// <param name="cursor">What the client has had; zero for a newcomer.</param>
    /// <param name="wanted">Ids of the vehicles it asked for; null: all.</param>
    /// <param name="messages">Emptied, then filled.</param>
    /// <returns>The cursor behind them.</returns>
    public long Collect(long cursor, IReadOnlySet<int>? wanted, List<byte[]> messages)
    {
        messages.Clear();
        lock (_gate)
        {
            var node = _byChange.Last;
            if (node is null || node.Value.Sequence <= cursor) return cursor;
            while (node.Previous is { } earlier && earlier.Value.Sequence > cursor) node = earlier;
            for (; node is not null && messages.Count < MostAtOnce; node = node.Next)
            {
                cursor = node.Value.Sequence;
                if (wanted is null || wanted.Contains(node.Value.VehicleId)) messages.Add(node.Value.Message);
            }

            return cursor;
        }
    }

    static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    readonly record struct Frame(long Sequence, int VehicleId, byte[] Message);
}

static partial class BroadcastLog
{
    [LoggerMessage(300, LogLevel.Debug, "📡 Données diffusées via WebSocket (vehicle {VehicleId})")]
    public static partial void Sent(ILogger log, int vehicleId);
}
