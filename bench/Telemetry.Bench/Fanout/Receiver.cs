using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Fanout;

/// <summary>Any number of connected browsers, in a process of their own, so that what they cost is told apart.</summary>
sealed class Receiver : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    readonly ChildProcess _process;

    Receiver(ChildProcess process, int clients)
    {
        (_process, Clients) = (process, clients);
        process.Heard = line =>
        {
            if (line.StartsWith(Receiving.Mark, StringComparison.Ordinal)) _answers.Writer.TryWrite(line[Receiving.Mark.Length..]);
        };
    }

    public int Clients { get; }

    /// <summary>Processor time so far.</summary>
    public double CpuSeconds => ProcessUsage.CpuSeconds(_process.Id);

    /// <summary>Connects so many clients; live messages can come to every one of them on return.</summary>
    /// <param name="contender">Where to.</param>
    /// <param name="clients">How many.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="query">What they ask for; empty: everything.</param>
    public static async Task<Receiver> Connect(Contender contender, int clients, CancellationToken cancel, string query = "")
    {
        string[] arguments =
        [
            "receive", "--clients", $"{clients}", "--port", $"{contender.ClientPort}", "--protocol", contender.IsMqtt ? "mqtt" : contender.IsCompressed ? "deflate" : "telemetry", "--secure", $"{contender.IsSecure}", "--query", query,
        ];
        var receiver = new Receiver(ChildProcess.Start(Environment.ProcessPath!, arguments), clients);
        try
        {
            await receiver.Answer(cancel);
            return receiver;
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no more live messages come, and counts from zero then.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        await WaitFor(long.MaxValue, TimeSpan.FromMilliseconds(300), cancel);
        await Ask(Receiving.Begin, cancel);
    }

    /// <summary>Waits for a number of live messages, or until none has come for a while.</summary>
    /// <returns>When the last one was there: a <see cref="Stopwatch"/> timestamp.</returns>
    public async Task<long> WaitFor(long frames, TimeSpan patience, CancellationToken cancel)
    {
        var (seen, since) = (-1L, 0L);
        while (seen < frames && (seen < 0 || Stopwatch.GetElapsedTime(since) < patience))
        {
            var now = long.Parse(await Ask(Receiving.Count, cancel), CultureInfo.InvariantCulture);
            if (now > seen) (seen, since) = (now, Stopwatch.GetTimestamp());
            if (seen < frames) await Task.Delay(PollInterval, cancel);
        }

        return since;
    }

    /// <summary>Messages received since <see cref="Begin"/>.</summary>
    public async Task<Reception> Tell(CancellationToken cancel) => JsonSerializer.Deserialize<Reception>(await Ask(Receiving.Tell, cancel))!;

    /// <summary>Ends all connections.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    async Task<string> Ask(string order, CancellationToken cancel)
    {
        _process.Say(order);
        return await Answer(cancel);
    }

    async Task<string> Answer(CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromSeconds(1))
        {
            _process.MustRun();
            using var second = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            second.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                return await _answers.Reader.ReadAsync(second.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // It may have ended: looked at each second.
            }
        }

        throw new BenchmarkException($"The receiving clients say nothing for {Patience.TotalSeconds} s.");
    }
}
