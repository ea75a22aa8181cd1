using System.Reactive.Concurrency;
using Telemetry.Api.Replay;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

public sealed class MergedReadingsTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly SignalCatalog _signals = new();
    readonly VehicleRegistry _vehicles = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Gives_the_messages_that_the_database_sorts(int seed)
    {
        var random = new Random(seed);
        var reader = await Filled(random);
        var signals = await reader.SignalsAsync(_vehicles.Default, default);
        var (after, until) = (Cars.Noon.AddSeconds(3), Cars.Noon.AddSeconds(6500));
        var sorted = new RecordingCursor(reader, _vehicles.Default, signals, after, until);
        var merged = reader.Merged(_vehicles.Default, signals, after, until, default);
        var messages = 0;
        while (await sorted.PeekAsync(default) is { } expected)
        {
            (await Next(merged)).Should().BeEquivalentTo(expected);
            sorted.Take();
            messages++;
        }

        (await Next(merged)).Should().BeNull();
        merged.IsAtEnd.Should().BeTrue();
        messages.Should().BeGreaterThan(10_000);
    }

    [Fact]
    public async Task Reading_ahead_stops_when_nothing_is_taken()
    {
        var reader = await Filled(new Random(3));
        using var leaving = new CancellationTokenSource();
        var merged = reader.Merged(_vehicles.Default, await reader.SignalsAsync(_vehicles.Default, default), Cars.Noon.AddSeconds(-1), Cars.Noon.AddDays(1), leaving.Token);
        await merged.FillAsync();
        await leaving.CancelAsync();
        var rest = async () => await All(merged);
        await rest.Should().ThrowAsync<OperationCanceledException>();
    }

    static async Task<Reading[]?> Next(MergedReadings merged)
    {
        while (!merged.IsAtEnd)
        {
            if (merged.TryTake(out var message)) return message;
            await merged.FillAsync();
        }

        return null;
    }

    static async Task All(MergedReadings merged)
    {
        while (await Next(merged) is not null)
        {
        }
    }

    // Signals of very different paces, some in one message with others, one silent for most of the time.
    async Task<RecordingQueries> Filled(Random random)
    {
        var dialect = new SqliteDialect(_folder["store.db"]);
        var store = new ReadingStore(dialect, _signals, _vehicles, new VehicleOwnership(), Scheduler.Default);
        await store.PrepareAsync();
        var names = new[] { "often", "half", "seldom", "brief" }.Select(name => _signals.TryNamed(name, out var signal) ? signal! : throw new InvalidOperationException()).ToArray();
        var at = Cars.Noon;
        var entries = new List<HistoryEntry>();
        for (var n = 0; n < 14_000; n++)
        {
            at = at.AddMicroseconds(random.Next(1, 1_000_000));
            var readings = names.Where((_, i) => i switch { 0 => true, 1 => random.Next(2) == 0, 2 => n % 900 == 0, _ => n is > 5000 and < 5400 }).Select(signal => new Reading(signal, random.NextDouble(), at));
            entries.Add(new HistoryEntry(_vehicles.Default, [.. readings], null));
        }

        foreach (var batch in entries.Chunk(2000)) await store.WriteAsync(batch);
        return new RecordingQueries(dialect, _signals);
    }
}
