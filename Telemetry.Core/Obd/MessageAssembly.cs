namespace Telemetry.Core.Obd;

/// <summary>Puts OBD-II answers together out of CAN frames (ISO 15765-2, normal addressing).</summary>
/// <remarks>One caller at a time. Bounded: what is begun and not ended in time makes room for others.</remarks>
sealed class MessageAssembly
{
    // N_Cr of ISO 15765-2: the longest wait for the next frame of a message.
    static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(1);

    // Six PIDs, the most of one request, are shorter.
    const int MaxLength = 255;

    const int MaxOpen = 1024;

    readonly Dictionary<(string Device, uint Id), Open> _open = [];

    /// <summary>Takes the next frame of a device in.</summary>
    /// <param name="device">The dongle that heard it.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="now">When it came.</param>
    /// <returns>The message that it completes; empty where it completes none.</returns>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<char> device, CanFrame frame, DateTime now)
    {
        if (!frame.IsObdAnswer || frame.Data.IsEmpty) return default;
        var (kind, low) = (frame.Data[0] >> 4, frame.Data[0] & 0xF);
        return kind switch
        {
            0 when low < frame.Data.Length => frame.Data.Slice(1, low),
            1 => Begin(device, frame, now),
            2 when _open.Count > 0 => GoOn((device.ToString(), frame.Id), low, frame.Data[1..], now),
            _ => default,
        };
    }

    ReadOnlySpan<byte> Begin(ReadOnlySpan<char> device, CanFrame frame, DateTime now)
    {
        var data = frame.Data;
        if (data.Length < 8 || !(CurrentData.IsAnswer(data[2..]) || DiagnosticAnswer.IsAnswer(data[2..]))) return default;
        var length = (data[0] & 0xF) << 8 | data[1];
        if (length is < 8 or > MaxLength) return default;

        if (_open.Count >= MaxOpen) DropExpired(now);
        if (_open.Count >= MaxOpen) return default;

        var open = _open[(device.ToString(), frame.Id)] = new Open(new byte[length], now);
        data[2..].CopyTo(open.Message);
        open.Filled = data.Length - 2;
        return default;
    }

    void DropExpired(DateTime now)
    {
        foreach (var (key, open) in _open)
            if (now - open.At > FrameTimeout) _open.Remove(key);
    }

    ReadOnlySpan<byte> GoOn((string, uint) key, int sequence, ReadOnlySpan<byte> data, DateTime now)
    {
        if (!_open.TryGetValue(key, out var open)) return default;
        var rest = open.Message.AsSpan(open.Filled);
        var isShort = data.Length < Math.Min(rest.Length, CanFrame.MaxLength - 1); // Only the last frame may be: what follows would stand at the wrong place.
        if (sequence != open.Next || isShort || now - open.At > FrameTimeout)
        {
            _open.Remove(key);
            return default;
        }

        var taken = Math.Min(rest.Length, data.Length);
        data[..taken].CopyTo(rest);
        open.Filled += taken;
        open.Next = open.Next + 1 & 0xF;
        open.At = now;
        if (taken < rest.Length) return default;
        _open.Remove(key);
        return open.Message;
    }

    sealed class Open(byte[] message, DateTime at)
    {
        public byte[] Message { get; } = message;

        public int Filled { get; set; }

        public int Next { get; set; } = 1;

        public DateTime At { get; set; } = at;
    }
}
