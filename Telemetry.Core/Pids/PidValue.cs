namespace Telemetry.Core.Pids;

/// <summary>One number in the data of a PID: the bytes, most significant first, × <c>Factor</c> ÷ <c>Divisor</c> + <c>Offset</c>.</summary>
/// <param name="Signal">Name of the signal.</param>
/// <param name="Start">Index of its first byte; the first data byte is 0.</param>
/// <param name="Length">Number of bytes, 1 to 4.</param>
/// <param name="Unit">Unit of the value; null for a count or a ratio.</param>
public sealed record PidValue(string Signal, int Start, int Length, string? Unit = null)
{
    /// <summary>Factor for the raw number.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Divisor applied after the factor. Separate, so that integer quotients are exact.</summary>
    public double Divisor { get; init; } = 1;

    /// <summary>Summand applied last.</summary>
    public double Offset { get; init; }

    /// <summary>True if the bytes are a two's complement.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Raw number that means "no value"; -1: none.</summary>
    public long Unused { get; init; } = -1;

    /// <summary>Bit of the first data byte that says if the car has this value; -1: it always has.</summary>
    public int SupportBit { get; init; } = -1;

    /// <summary>Minimum and maximum that the bytes can represent.</summary>
    public (double Min, double Max) Range
    {
        get
        {
            var size = 1L << 8 * Length;
            var (low, high) = IsSigned ? (-size / 2, size / 2 - 1) : (0, size - 1);
            return (low * Factor / Divisor + Offset, high * Factor / Divisor + Offset);
        }
    }

    /// <summary>The value; null if the car does not have it.</summary>
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
