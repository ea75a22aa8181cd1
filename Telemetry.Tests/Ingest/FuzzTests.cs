using System.Text;
using Telemetry.Core.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>A million messages that nobody would send: none may throw, and none may cost much more memory than it is long.</summary>
public class FuzzTests
{
    const int Count = 1_000_000;

    readonly Messages _messages = new();
    readonly Random _random = new(4711);

    static readonly byte[] Alphabet = [.. "{}[]\":,.0123456789eE+-nullatrue \\u\0\n/wicanrpm\"frame\":[\"data\":\"id\":2024"u8, 0xff, 0xc3];

    // What other publishers than a WiCAN send.
    static readonly string[] Others =
        ["""{"name":"SOC","state_topic":"wican/car7/can/rx","qos":0}""", """{"HV_V":1,"HV V":2,"HV_V":{"value":1,"unit":"mV"}}""", """{"value":71.5,"unit":"%"}""", """{"Speed (km/h)":50,"Batt +":1,"Скорость":2,"\ud83d\udd0b":3}"""];

    static readonly byte[][] Seeds = [.. WicanCorpusTests.Corpus.Select(row => row.Data.Item2).Concat(Others).Select(Encoding.UTF8.GetBytes)];

    static readonly string[] Topics = [.. WicanCorpusTests.Corpus.Select(row => row.Data.Item1).Distinct()];

    [Fact]
    public void A_million_random_messages_do_no_harm()
    {
        var (most, total, bytes) = (0L, 0L, 0L);
        for (var i = 0; i < Count; i++)
        {
            var payload = (i % 3) switch { 0 => Noise(), 1 => Wrapped(), _ => Mutated() };
            var topic = i % 2 == 0 ? Topics[_random.Next(Topics.Length)] : "wican/" + Encoding.Latin1.GetString(_random.GetItems(Alphabet, _random.Next(12)));
            var (vehicles, before) = (_messages.Vehicles.Count, GC.GetAllocatedBytesForCurrentThread());
            _messages.Read(topic, payload);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            total += allocated;
            bytes += payload.Length;
            // The first message of a name or a vehicle also makes that, and the tables of all of them grow by doubling.
            if (i > Count / 2 && _messages.Vehicles.Count == vehicles) most = Math.Max(most, allocated - 10 * payload.Length);
        }

        _messages.Counters.Messages.Should().Be(Count);
        Enum.GetValues<Rejection>().Where(reason => _messages.Counters.Rejected(reason) == 0 && reason is not (Rejection.TooLarge or Rejection.TooManyVehicles or Rejection.Replayed)).Should().BeEmpty("each reason has been met");
        TestContext.Current.TestOutputHelper?.WriteLine($"{total / Count} bytes a message of {bytes / Count}, at most {most}");
        (total / Count).Should().BeLessThan(2000, "a message and the snapshot that it makes are small");
        most.Should().BeLessThan(200_000, "a table of spellings, or of vehicles, grows at times");
        _messages.Readings("wican/rpm", "900").Should().Be("default: rpm=900");
    }

    byte[] Noise() => _random.GetItems(Alphabet, _random.Next(60));

    byte[] Wrapped() => [(byte)'{', .. Noise(), (byte)'}'];

    byte[] Mutated()
    {
        var payload = (byte[])Seeds[_random.Next(Seeds.Length)].Clone();
        for (var changes = _random.Next(4); changes > 0; changes--) payload[_random.Next(payload.Length)] = Alphabet[_random.Next(Alphabet.Length)];
        return _random.Next(4) == 0 ? payload[.._random.Next(payload.Length)] : payload;
    }
}
