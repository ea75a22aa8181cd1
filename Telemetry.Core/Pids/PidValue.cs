namespace Telemetry.Core.Pids;

/// <summary>One number in the data of a PID: the bytes, most significant first, × <c>Factor</c> ÷ <c>Divisor</c> + <c>Offset</c>.</summary>
/// <param name="Signal">The signal's name.</param>
/// <param name="Start">The first byte of it; the data's first is 0.</param>
/// <param name="Length">How many bytes, 1 to 4.</param>
/// <param name="Unit">What the value is in; null for a count or a ratio.</param>
public sealed record PidValue(string Signal, int Start, int Length, string? Unit = null)
{
    /// <summary>What the bytes' number is multiplied by.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>What it is then divided by. Apart from the factor, so that whole quotients come out exact.</summary>
    public double Divisor { get; init; } = 1;

    /// <summary>What is added last.</summary>
    public double Offset { get; init; }

    /// <summary>True if the bytes are a two's complement.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The bytes' number that says that there is no value; -1: none does.</summary>
    public long Unused { get; init; } = -1;

    /// <summary>The bit of the data's first byte that says whether the car has this value; -1: it always has.</summary>
    public int SupportBit { get; init; } = -1;

    /// <summary>The lowest and the highest value that the bytes can hold.</summary>
    public (double Min, double Max) Range
    {
        get
        {
            var size = 1L << 8 * Length;
            var (low, high) = IsSigned ? (-size / 2, size / 2 - 1) : (0, size - 1);
            return (low * Factor / Divisor + Offset, high * Factor / Divisor + Offset);
        }
    }

    /// <summary>The value; null where the car says that it does not have it.</summary>
    /// <param name="data">The PID's data, long enough.</param>
    public double? In(ReadOnlySpan<byte> data)
    {
        if (SupportBit >= 0 && (data[0] >> SupportBit & 1) == 0) return null;
        var raw = 0L;
        foreach (var octet in data.Slice(Start, Length)) raw = raw << 8 | octet;
        if (raw == Unused) return null;
        if (IsSigned && raw >> (8 * Length - 1) != 0) raw -= 1L << 8 * Length;
        return raw * Factor / Divisor + Offset;
    }
}
