using Telemetry.Core.Pids;
using Telemetry.Core.Signals;

namespace Telemetry.Core.Obd;

/// <summary>Answers of OBD-II service 01, "request current powertrain diagnostic data".</summary>
public static class CurrentData
{
    const byte Answer = 0x40 + 0x01;

    // Lengths in older publications, or of cars built by them.
    static readonly Dictionary<byte, int> OtherLengths = new (byte Pid, int Length)[]
    {
        (PidTable.IntakeAirSensors, 7), (0x6D, 6), (0x6E, 5), (0x70, 9), (0x71, 5), (0x83, 5), (0x8C, 16), (0x8F, 5), (0x91, 3), (0xA9, 1),
    }.ToDictionary(other => other.Pid, other => other.Length);

    /// <summary>Reads an answer: the byte 0x41, then one or more PIDs, each before its data.</summary>
    /// <param name="answer">A complete message, without transport bytes.</param>
    /// <param name="signals">Catalog of signals.</param>
    /// <param name="values">The values are added here. Reading ends at a PID of unknown length, and at padding.</param>
    internal static void Read(ReadOnlySpan<byte> answer, SignalCatalog signals, List<(Signal Signal, double Value)> values)
    {
        if (!IsAnswer(answer)) return;
        answer = answer[1..];
        do
        {
            if (answer.IsEmpty || PidTable.Of(answer[0]) is not var (length, parts) || answer.Length <= length) return;
            foreach (var part in parts)
            {
                if (part.In(answer.Slice(1, length)) is { } value && signals.TryNamed(part.Signal, out var signal) && signal is not null)
                    values.Add((signal, value));
            }

            if (LengthOf(answer) is not { } whole) return;
            answer = answer[(1 + whole)..];
        }
        while (!IsPadding(answer));
    }

    // Of two published lengths, the one with which the rest can be read to its end. Null: both or neither fit.
    static int? LengthOf(ReadOnlySpan<byte> answer)
    {
        var length = PidTable.Of(answer[0])!.Value.Length;
        if (!OtherLengths.TryGetValue(answer[0], out var other)) return length;
        var (fits, otherFits) = (EndsAfter(answer, length), EndsAfter(answer, other));
        if (answer[0] == PidTable.IntakeAirSensors && fits == otherFits) return null;
        return otherFits && !fits ? other : length;
    }

    static bool EndsAfter(ReadOnlySpan<byte> answer, int length)
    {
        while (answer.Length > length)
        {
            answer = answer[(1 + length)..];
            if (answer.IsEmpty || IsPadding(answer)) return true;
            if (PidTable.Of(answer[0]) is not var (next, _)) return false;
            length = next;
        }

        return false;
    }

    // Some control units include the padding of a frame in the length of the answer. A first PID is never padding.
    internal static bool IsPadding(ReadOnlySpan<byte> rest) => rest is [0x00 or 0x55 or 0xAA or 0xCC or 0xFF, ..] && rest.IndexOfAnyExcept(rest[0]) < 0;

    /// <summary>True if a message, or its beginning, is an answer of the service.</summary>
    internal static bool IsAnswer(ReadOnlySpan<byte> message) => message is [Answer, ..];
}
