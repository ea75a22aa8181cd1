namespace Telemetry.Core.Obd;

/// <summary>Reassembles OBD-II answers from CAN frames (ISO 15765-2, normal addressing).</summary>
/// <remarks>One caller at a time. Bounded: incomplete messages that have timed out make buffer for others.</remarks>
sealed class MessageAssembly
{
    // N_Cr of ISO 15765-2: maximum wait for the next frame of a message.
    static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(1);

    // Longer than the answer to six PIDs, the maximum of one request.
    const int MaxLength = 255;

    const int MaxOpen = 1024;

    readonly Dictionary<(string Device, uint Id), Open> _open = [];

    /// <summary>Handles the next frame of a device.</summary>
    /// <param name="device">The dongle that received it.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="now">Time of arrival.</param>
    /// <returns>The message that it completes; otherwise empty.</returns>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<char> device, CanFrame frame, DateTime now)
    {
        if (!frame.IsObdAnswer || frame.Data.IsEmpty) return default;
        var (kind, low) = (frame.Data[0] >> 4, frame.Data[0] & 0xF);
        return kind switch
        {
            0 when low < frame.Data.Length => frame.Data.Slice(1, low),
            1 => Begin(device, frame, now),
            2 when _open.Count > 0 => Continue((device.ToString(), frame.Id), low, frame.Data[1..], now),
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

    ReadOnlySpan<byte> Continue((string, uint) key, int sequence, ReadOnlySpan<byte> data, DateTime now)
    {
        if (!_open.TryGetValue(key, out var open)) return default;
        var rest = open.Message.AsSpan(open.Filled);
        var isShort = data.Length < Math.Min(rest.Length, CanFrame.MaxLength - 1); // Only the last frame may be shorter: later data would be at the wrong offset.
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
