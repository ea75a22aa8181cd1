using System.Buffers.Binary;

namespace Telemetry.Core.Forecasts;

/// <summary>Writes the state of models, little-endian and without names.</summary>
sealed class StateWriter
{
    readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public void Byte(int value) => _bytes.Add(checked((byte)value));

    public void Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }

    public void Single(double value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        _bytes.AddRange(bytes);
    }

    public void Singles(ReadOnlySpan<double> values)
    {
        foreach (var value in values) Single(value);
    }

    /// <summary>Writes a list in half precision, with its length.</summary>
    public void Halves(IReadOnlyCollection<double> values)
    {
        Byte(values.Count);
        Span<byte> bytes = stackalloc byte[2];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
            _bytes.AddRange(bytes);
        }
    }
}

/// <summary>Reads what <see cref="StateWriter"/> has written.</summary>
ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public int Byte() => Take(1)[0];

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public double Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public void Singles(Span<double> values)
    {
        foreach (ref var value in values) value = Single();
    }

    public void Halves(ICollection<double> values)
    {
        values.Clear();
        for (var count = Byte(); count > 0; count--) values.Add((double)BinaryPrimitives.ReadHalfLittleEndian(Take(2)));
    }

    ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
