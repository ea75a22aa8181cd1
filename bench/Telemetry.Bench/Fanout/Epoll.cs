using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Telemetry.Bench.Fanout;

/// <summary>Waits for many sockets with one thread and one call: what .NET has for it costs as much as the servers that are measured.</summary>
sealed class Epoll : IDisposable
{
    const int Add = 1;
    const int Readable = 1;
    const int Interrupted = 4;
    const int MostAtOnce = 1024;

    // struct epoll_event is packed on x86-64 alone.
    static readonly int KeyOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    readonly int _epoll = Checked(Create(0));
    readonly byte[] _events = new byte[MostAtOnce * (KeyOffset + 8)];

    /// <summary>Watches a file descriptor from now on.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="key">What <see cref="Wait"/> calls it.</param>
    public void Watch(int descriptor, int key)
    {
        var happening = new byte[KeyOffset + 8];
        BinaryPrimitives.WriteInt32LittleEndian(happening, Readable);
        BinaryPrimitives.WriteInt32LittleEndian(happening.AsSpan(KeyOffset), key);
        Checked(Control(_epoll, Add, descriptor, happening));
    }

    /// <summary>Waits until something can be read.</summary>
    /// <param name="keys">Is filled with where.</param>
    public void Wait(List<int> keys)
    {
        keys.Clear();
        int count;
        do count = WaitForEvents(_epoll, _events, MostAtOnce, -1);
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Checked(count);
        for (var i = 0; i < count; i++) keys.Add(BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan(i * (KeyOffset + 8) + KeyOffset)));
    }

    public void Dispose() => _ = Close(_epoll);

    static int Checked(int result) => result >= 0 ? result : throw new IOException($"epoll: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    static extern int Create(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    static extern int Control(int epoll, int operation, int descriptor, byte[] vehicleEvent);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    static extern int WaitForEvents(int epoll, byte[] events, int most, int milliseconds);

    [DllImport("libc", EntryPoint = "close")]
    static extern int Close(int descriptor);
}
