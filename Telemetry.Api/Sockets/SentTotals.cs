namespace Telemetry.Api.Sockets;

/// <summary>Messages and bytes written to clients since the start.</summary>
/// <param name="Replaced">Messages skipped because a newer one of the vehicle replaced them.</param>
readonly record struct SentTotals(long Frames, long Replaced, long Bytes)
{
    public static SentTotals operator +(SentTotals one, SentTotals other) => new(one.Frames + other.Frames, one.Replaced + other.Replaced, one.Bytes + other.Bytes);
}
