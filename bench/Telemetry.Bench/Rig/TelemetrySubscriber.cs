using System.Buffers.Text;

namespace Telemetry.Bench.Rig;

/// <summary>A browser at the server's live socket.</summary>
sealed class TelemetrySubscriber : Subscriber
{
    public static async Task<Subscriber> Connect(Uri address, CancellationToken cancel)
    {
        var subscriber = new TelemetrySubscriber();
        await subscriber.Connect(address, subprotocol: null, hello: [], cancel);
        return subscriber;
    }

    protected override int Parse(ReadOnlySpan<byte> unread, bool endOfMessage, long at)
    {
        if (!endOfMessage) return 0;
        var key = "\"rpm\":"u8;
        var found = unread.IndexOf(key);
        if (found >= 0 && Utf8Parser.TryParse(unread[(found + key.Length)..], out int rpm, out _)) Note(rpm, at);
        return unread.Length;
    }
}
