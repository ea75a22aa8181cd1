using System.Runtime.CompilerServices;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Sockets;

/// <summary>The connection below a <see cref="System.Net.WebSockets.WebSocket"/>, which shares it with frames that are ready made.</summary>
/// <remarks>
/// The WebSocket reads, answers pings and closes; each of its writes is one whole frame. Messages go past it, so that many of them,
/// put together once for all clients, are one write. Whoever writes has its turn; after a close frame nothing more goes out.
/// </remarks>
sealed class FrameStream(System.IO.Stream inner) : DuplexStream
{
    const int OpcodeBits = 0x0F;
    const int CloseFrame = 0x08;

    readonly SemaphoreSlim _turn = new(1, 1);
    bool _isClosed;
    MaskCheck _masks;
    byte? _kept;

    /// <summary>Called with the number of frames that each read has brought, before any of them is answered.</summary>
    public Action<int>? FramesReceived { get; set; }

    /// <summary>Writes whole frames of messages. Completed at once where the connection takes them at once.</summary>
    public ValueTask Send(ReadOnlyMemory<byte> frames)
    {
        if (!_turn.Wait(0)) return SendInTurn(frames);
        return WriteAndRelease(frames, closes: false);
    }

    /// <summary>Nothing is written any more, whoever tries.</summary>
    public async Task End()
    {
        await _turn.WaitAsync();
        _isClosed = true;
        _turn.Release();
    }

    /// <summary>Writes a control frame of the WebSocket.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        await WriteAndRelease(buffer, closes: buffer.Length > 0 && (buffer.Span[0] & OpcodeBits) == CloseFrame);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_masks.IsBroken)
        {
            // The WebSocket waits for a mask before it looks at the frame that has none.
            buffer.Span.Clear();
            return buffer.Length;
        }

        while (buffer.Length > 0)
        {
            var count = 0;
            if (_kept is { } first) buffer.Span[count++] = first;
            _kept = null;
            var read = await inner.ReadAsync(buffer[count..], cancellationToken);
            if (read == 0) return count;
            count += read;
            var before = _masks.Frames;
            _masks.Look(buffer.Span[..count]);
            if (_masks.Frames != before) FramesReceived?.Invoke(_masks.Frames - before);
            // The first byte of a head waits for the second, which says whether the frame is masked.
            if (_masks.IsWithinHead) _kept = buffer.Span[--count];
            if (count > 0) return count;
        }

        return await inner.ReadAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    async ValueTask SendInTurn(ReadOnlyMemory<byte> frames)
    {
        await _turn.WaitAsync();
        await WriteAndRelease(frames, closes: false);
    }

    ValueTask WriteAndRelease(ReadOnlyMemory<byte> frames, bool closes)
    {
        ValueTask write;
        try
        {
            write = _isClosed ? default : inner.WriteAsync(frames);
            _isClosed |= closes;
        }
        catch (Exception error)
        {
            // The connection may have ended just now: an answer, never a surprise to whoever sends to many.
            _turn.Release();
            return ValueTask.FromException(error);
        }

        if (!write.IsCompletedSuccessfully) return ReleaseAfter(write);
        write.GetAwaiter().GetResult();
        _turn.Release();
        return default;
    }

    async ValueTask ReleaseAfter(ValueTask write)
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
