using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Sockets;

/// <summary>The connection below a <see cref="WebSocket"/>, shared with frames that are already encoded.</summary>
/// <remarks>
/// The WebSocket receives, answers pings and closes; each of its writes is one whole frame. Messages are written past it, so that many
/// frames, joined once for all clients, are one write. A semaphore orders the writers; after a close frame nothing more is written.
/// </remarks>
/// <param name="abort">Also ends every pending read and write.</param>
sealed class FrameStream(System.IO.Stream inner, Action abort) : DuplexStream
{
    const int OpcodeBits = 0x0F;
    const int CloseFrame = 0x08;

    readonly SemaphoreSlim _turn = new(1, 1);
    bool _isClosed;
    FrameCounter _frames;

    public WebSocket? Socket { get; set; }

    /// <summary>Called after each read, before its frames are answered, with the number of those that begin in it and whether any had no mask.</summary>
    public Action<int, bool>? Received { get; set; }

    /// <summary>Writes whole frames. Completes synchronously if the connection takes them at once.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frames)
    {
        if (!_turn.Wait(0)) return SendInTurnAsync(frames);
        return WriteAndReleaseAsync(frames, closes: false);
    }

    public async Task EndAsync()
    {
        await _turn.WaitAsync();
        _isClosed = true;
        _turn.Release();
    }

    /// <summary>The WebSocket writes only control frames.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        await WriteAndReleaseAsync(buffer, closes: buffer.Length > 0 && (buffer.Span[0] & OpcodeBits) == CloseFrame);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        var frames = _frames.Count(buffer.Span[..read]);
        if (read > 0) Received?.Invoke(frames, _frames.HasUnmasked);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        // Only the end of the connection ends a pending read or write. After an orderly close, bytes still on their way must arrive.
        if (disposing && Socket is { State: WebSocketState.Aborted }) abort();
        base.Dispose(disposing);
    }

    async ValueTask SendInTurnAsync(ReadOnlyMemory<byte> frames)
    {
        await _turn.WaitAsync();
        await WriteAndReleaseAsync(frames, closes: false);
    }

    ValueTask WriteAndReleaseAsync(ReadOnlyMemory<byte> frames, bool closes)
    {
        ValueTask write;
        try
        {
            write = _isClosed ? default : inner.WriteAsync(frames);
            _isClosed |= closes;
        }
        catch (Exception error)
        {
            // The connection may just have ended: return the error as a task, never throw at a sender that serves many clients.
            _turn.Release();
            return ValueTask.FromException(error);
        }

        if (!write.IsCompletedSuccessfully) return ReleaseAfterAsync(write);
        write.GetAwaiter().GetResult();
        _turn.Release();
        return default;
    }

    async ValueTask ReleaseAfterAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        finally
        {
            _turn.Release();
        }
    }
}
