using System.Net;
using System.Net.Sockets;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Reads ahead, writes together, and neither loses nor reorders a byte.</summary>
public sealed class BrokerStreamTests : IAsyncLifetime
{
    const int MoreThanSocketsHold = 64 * 1024 * 1024;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    System.IO.Stream _stream = null!;
    NetworkStream _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        var accepting = _listener.AcceptSocketAsync();
        _stream = await BrokerStream.Provider.Instance.ConnectAsync(_listener.LocalEndpoint, TestContext.Current.CancellationToken);
        _broker = new NetworkStream(await accepting, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _broker.DisposeAsync();
        _listener.Dispose();
    }

    [Fact]
    public async Task Small_reads_give_every_byte_in_order()
    {
        var sent = Numbers(200_000);
        var sending = _broker.WriteAsync(sent, TestContext.Current.CancellationToken).AsTask();
        var got = new byte[sent.Length];
        for (var taken = 0; taken < got.Length;) taken += await _stream.ReadAsync(got.AsMemory(taken, Math.Min(7, got.Length - taken)), TestContext.Current.CancellationToken);
        await sending;
        got.Should().Equal(sent);
    }

    [Fact]
    public async Task Small_writes_come_out_in_order_also_when_the_broker_reads_late()
    {
        var sent = Numbers(400_000);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < sent.Length; at += 4) await _stream.WriteAsync(sent.AsMemory(at, 4));
        }, TestContext.Current.CancellationToken);
        var got = new byte[sent.Length];
        await _broker.ReadExactlyAsync(got, TestContext.Current.CancellationToken);
        await sending;
        got.Should().Equal(sent);
    }

    [Fact]
    public async Task A_writer_waits_for_a_broker_that_does_not_read()
    {
        var kilobyte = new byte[1024];
        var written = 0;
        var sending = Task.Run(async () =>
        {
            while (Volatile.Read(ref written) < MoreThanSocketsHold)
            {
                await _stream.WriteAsync(kilobyte);
                Interlocked.Add(ref written, kilobyte.Length);
            }
        }, TestContext.Current.CancellationToken);
        var before = -1;
        await Eventually.Holds("no more is taken", async () =>
        {
            var isStill = Volatile.Read(ref written) == before;
            before = Volatile.Read(ref written);
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
            return isStill;
        });
        sending.IsCompleted.Should().BeFalse();
        await _broker.DisposeAsync();
        await sending.Invoking(task => task).Should().ThrowAsync<IOException>();
    }

    [Fact]
    public async Task The_last_bytes_go_out_before_the_end()
    {
        await _stream.WriteAsync(Numbers(2), TestContext.Current.CancellationToken);
        await _stream.DisposeAsync();
        var got = new byte[3];
        (await _broker.ReadAtLeastAsync(got, got.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken)).Should().Be(2);
        got.Should().StartWith(Numbers(2));
    }

    [Fact]
    public async Task A_write_to_a_lost_connection_fails_sooner_or_later()
    {
        await _broker.DisposeAsync();
        await Eventually.Holds("a write fails", async () =>
        {
            try
            {
                await _stream.WriteAsync(Numbers(1));
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        });
    }

    static byte[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(number => (byte)(number * 31 + (number >> 8)))];
}
