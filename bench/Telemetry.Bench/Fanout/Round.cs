using System.Diagnostics;
using Telemetry.Bench.Rig;

namespace Telemetry.Bench.Fanout;

/// <summary>Result of one contender for one stretch of messages.</summary>
/// <param name="Expected">Messages published, times clients.</param>
/// <param name="Reception">What of them came.</param>
/// <param name="PublishSeconds">How long the publisher took.</param>
/// <param name="Seconds">From the first publish to the last arrival.</param>
/// <param name="CpuSeconds">Processor time of the contender.</param>
/// <param name="ReceiverCpuSeconds">Processor time of the clients.</param>
/// <param name="OthersCpuSeconds">Processor time of everything but contender, clients and publisher.</param>
sealed record Round(
    long Expected, Reception Reception, double PublishSeconds, double Seconds, double CpuSeconds, double ReceiverCpuSeconds, double OthersCpuSeconds)
{
    /// <summary>Time without any message after which the missing ones count as lost.</summary>
    static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <summary>Processor time of the contender for each delivery.</summary>
    public double CpuMicroseconds => CpuSeconds / Reception.Frames * 1e6;

    public double ReceiverCpuMicroseconds => ReceiverCpuSeconds / Reception.Frames * 1e6;

    /// <summary>Bytes on the wire for each delivery.</summary>
    public double BytesAMessage => (double)Reception.Bytes / Reception.Frames;

    public double PerSecond => Reception.Frames / Seconds;

    /// <summary>Share of the messages that did not come: replaced by newer ones, or lost.</summary>
    public double Missing => 1 - (double)Reception.Frames / Expected;

    public static async Task<Round> Run(Contender contender, Receiver receiver, CarPublisher publisher, double perSecond, double seconds, CancellationToken cancel)
    {
        var messages = Math.Max(1, (int)(perSecond * seconds));
        var expected = (long)messages * receiver.Clients;
        await receiver.Begin(cancel);

        var (cpu, receiverCpu, own, machine) = (contender.CpuSeconds, receiver.CpuSeconds, ProcessUsage.CpuSeconds(Environment.ProcessId), ProcessUsage.CpuSecondsOfMachine());
        var begin = Stopwatch.GetTimestamp();
        var published = await publisher.Publish(messages, perSecond, cancel);
        var elapsed = Stopwatch.GetElapsedTime(begin, await receiver.WaitFor(expected, DrainTime, cancel)).TotalSeconds;
        cpu = contender.CpuSeconds - cpu;
        receiverCpu = receiver.CpuSeconds - receiverCpu;
        own = ProcessUsage.CpuSeconds(Environment.ProcessId) - own;
        machine = ProcessUsage.CpuSecondsOfMachine() - machine;

        var reception = await receiver.Tell(cancel);
        if (reception.Frames > expected) throw new BenchmarkException($"{contender.Name} has sent {reception.Frames} messages where {expected} were expected.");
        return new Round(expected, reception, published, elapsed, cpu, receiverCpu, Math.Max(0, machine - cpu - receiverCpu - own));
    }
}
