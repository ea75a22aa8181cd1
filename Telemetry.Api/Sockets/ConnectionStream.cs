using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Sockets;

/// <summary>A connection as a stream: holds no buffer while nothing comes and nothing goes.</summary>
sealed class ConnectionStream(ConnectionContext connection) : DuplexStream
{
    readonly PipeReader _input = connection.Transport.Input;
    readonly PipeWriter _output = connection.Transport.Output;

    /// <summary>The socket made of it: when that is aborted, so is the connection.</summary>
    public WebSocket? Socket { get; set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await _input.ReadAsync(cancellationToken);
            var part = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
            part.CopyTo(buffer.Span);
            var (length, wasInterrupted) = ((int)part.Length, read.IsCanceled && read.Buffer.IsEmpty);
            _input.AdvanceTo(part.End);
            if (!wasInterrupted) return length;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var write = _output.WriteAsync(buffer, cancellationToken);
        if (!write.IsCompletedSuccessfully) return Finish(write);
        write.GetAwaiter().GetResult();
        return default;
    }

    protected override void Dispose(bool disposing)
    {
        // After a close in order, what is still on its way arrives.
        if (disposing && Socket is { State: WebSocketState.Aborted }) connection.Abort();
        base.Dispose(disposing);
    }

    static async ValueTask Finish(ValueTask<FlushResult> write) => await write;
}
