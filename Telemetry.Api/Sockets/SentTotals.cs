namespace Telemetry.Api.Sockets;

/// <summary>Totals sent to clients since the start. Replaced messages were skipped for a newer one of the vehicle.</summary>
readonly record struct SentTotals(long Frames, long Replaced, long Bytes)
{
    public static SentTotals operator +(SentTotals one, SentTotals other) => new(one.Frames + other.Frames, one.Replaced + other.Replaced, one.Bytes + other.Bytes);
}
