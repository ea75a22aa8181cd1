using System.Data.Common;
using Dapper;
using Telemetry.Api.History;
using Telemetry.Api.Store;

namespace Telemetry.Api.HomeAssistant;

sealed class PublishedTopic
{
    public string Topic { get; set; } = "";

    /// <summary>For a discovery message: topic that the vehicle's states are below; otherwise empty.</summary>
    public string Base { get; set; } = "";

    /// <summary>Ids of the components of a discovery message, separated by spaces.</summary>
    public string Components { get; set; } = "";
}

/// <summary>Topics with retained messages on the broker, as recorded in the store: the server that publishes next empties those that its settings do not contain. Not thread-safe.</summary>
sealed class PublishedTopics(StoreAndForward keeper, ReadingStore store, ReadingsSource source, Spool spool)
{
    // Each change of the store delays readings.
    const int MaxRows = 200;

    readonly Dictionary<string, PublishedTopic?> _changed = [];

    /// <summary>Stored by the next <see cref="TrySaveAsync"/>.</summary>
    public void Add(PublishedTopic topic) => _changed[topic.Topic] = topic;

    public void Remove(string topic) => _changed[topic] = null;

    /// <summary>Null while the store is unavailable.</summary>
    public async Task<IReadOnlyList<PublishedTopic>?> TryReadAsync()
    {
        List<PublishedTopic> topics = [];
        var isDone = await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction =>
            topics = [.. await transaction.Connection!.QueryAsync<PublishedTopic>("SELECT topic AS Topic, base AS Base, components AS Components FROM published_topics WHERE source = @Source", new { Source = Name() }, transaction)]));
        return isDone ? topics : null;
    }

    /// <summary>Stores added and removed topics; false while the store is unavailable.</summary>
    public async Task<bool> TrySaveAsync()
    {
        while (_changed.Count > 0)
        {
            var rows = _changed.Take(MaxRows).ToList();
            if (!await keeper.TryChangeAsync(() => store.ChangeAsync([], transaction => SaveAsync(rows, transaction)))) return false;
            foreach (var (topic, _) in rows) _changed.Remove(topic);
        }

        return true;
    }

    async Task SaveAsync(IReadOnlyList<KeyValuePair<string, PublishedTopic?>> rows, DbTransaction transaction)
    {
        var name = Name();
        foreach (var (topic, row) in rows)
        {
            var sql = row is null ? "DELETE FROM published_topics WHERE source = @Source AND topic = @Topic" : """
                INSERT INTO published_topics (source, topic, base, components) VALUES (@Source, @Topic, @Base, @Components)
                ON CONFLICT (source, topic) DO UPDATE SET base = excluded.base, components = excluded.components
                """;
            await transaction.Connection!.ExecuteAsync(sql, new { Source = name, Topic = topic, Base = row?.Base ?? "", Components = row?.Components ?? "" }, transaction);
        }
    }

    // Servers with the same source publish to the same broker. An embedded broker belongs to this server only.
    string Name() => source.Name ?? $"embedded {spool.ServerId()}";
}
