using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Channel;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Ingest;

/// <summary>A TCP connection to a broker with few system calls: it reads ahead, and joins writes that come while the socket is busy.</summary>
/// <remarks>MQTTnet reads two or three times per message and writes each acknowledgement separately. Buffering makes a reading a third cheaper (<c>scripts/bench ingest</c>). One reader and one writer at a time.</remarks>
sealed class BrokerStream(NetworkStream inner) : DuplexStream
{
    const int ReadBytes = 32 * 1024;

    /// <summary>Consecutive quick reads, more than a car's burst: from then on, waking up for each read is most of the work.</summary>
    const int BurstThreshold = 16;

    const int MaxBuffered = 64 * 1024;

    static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A shorter wait means that thousands of messages arrive every second.</summary>
    static readonly TimeSpan QuickRead = TimeSpan.FromMilliseconds(0.25);

    /// <summary>Before each read of a burst, so that more bytes arrive together. The system's timer makes it 1 to 2 ms.</summary>
    static readonly TimeSpan CoalesceDelay = TimeSpan.FromMilliseconds(1);

    readonly byte[] _read = new byte[ReadBytes];
    readonly Lock _gate = new();
    int _position;
    int _quickReads;
    int _filled;
    ArrayBufferWriter<byte> _buffered = new();
    ArrayBufferWriter<byte> _sending = new();
    Task _writing = Task.CompletedTask;
    bool _isWriting;
    IOException? _fault;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _position < _filled ? ValueTask.FromResult(Take(buffer.Span)) : FillAndTakeAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position == _filled) (_position, _filled) = (0, inner.Read(_read));
        return Take(buffer.AsSpan(offset, count));
    }

    /// <exception cref="IOException">The connection failed, now or in an earlier write.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Task writing;
        lock (_gate)
        {
            if (_fault is not null) throw new IOException(_fault.Message, _fault.InnerException);
            _buffered.Write(buffer.Span);
            // On another thread: here each packet would be sent before the next one comes.
            if (!_isWriting) (_isWriting, _writing) = (true, Task.Run(WriteBufferedAsync, CancellationToken.None));
            if (_buffered.WrittenCount <= MaxBuffered) return;
            writing = _writing;
        }

        await writing.WaitAsync(cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _writing.Wait(CloseTimeout);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    async ValueTask<int> FillAndTakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        (_position, _filled) = (0, 0);
        if (_quickReads >= BurstThreshold) await Task.Delay(CoalesceDelay, cancellationToken);
        var startedAt = Stopwatch.GetTimestamp();
        _filled = await inner.ReadAsync(_read, cancellationToken);
        _quickReads = Stopwatch.GetElapsedTime(startedAt) < QuickRead ? _quickReads + 1 : 0;
        return Take(buffer.Span);
    }

    int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _filled - _position);
        _read.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    async Task WriteBufferedAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                _sending.ResetWrittenCount();
                _isWriting = _buffered.WrittenCount > 0;
                if (!_isWriting) return;
                (_buffered, _sending) = (_sending, _buffered);
            }

            try
            {
                await inner.WriteAsync(_sending.WrittenMemory);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                lock (_gate) _fault = error as IOException ?? new IOException(error.Message, error);
                return;
            }
        }
    }

    public sealed class Provider : IMqttClientStreamProvider
    {
        public static readonly Provider Instance = new();

        public async Task<System.IO.Stream> ConnectAsync(EndPoint brokerEndPoint, CancellationToken cancellationToken)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(brokerEndPoint, cancellationToken);
                return new BrokerStream(new NetworkStream(socket, ownsSocket: true));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
