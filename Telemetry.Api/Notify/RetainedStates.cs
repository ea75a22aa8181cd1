using Dapper;
using Telemetry.Api.History;

namespace Telemetry.Api.Notify;

/// <summary>Retained messages of MQTT channels in the spool. Thread-safe. Members throw a <see cref="System.Data.Common.DbException"/> while it is unavailable.</summary>
sealed class RetainedStates(Spool spool)
{
    public IReadOnlyList<RetainedState> Read(string channel) => spool.Use(connection =>
        connection.Query<RetainedRow>("SELECT topic AS Topic, payload AS Payload FROM retained WHERE channel = @channel", new { channel }).Select(row => new RetainedState(row.Topic, row.Payload)).ToList());

    public IReadOnlyList<string> Channels() => spool.Use(connection => connection.Query<string>("SELECT DISTINCT channel FROM retained").AsList());

    /// <summary>Saves messages; one without a payload removes that of its topic.</summary>
    public void Save(string channel, IReadOnlyList<RetainedState> messages) => spool.Use(connection =>
    {
        using var transaction = connection.BeginTransaction();
        foreach (var message in messages)
        {
            var sql = message.Payload == "" ? "DELETE FROM retained WHERE channel = @channel AND topic = @Topic"
                : "INSERT INTO retained (channel, topic, payload) VALUES (@channel, @Topic, @Payload) ON CONFLICT (channel, topic) DO UPDATE SET payload = excluded.payload";
            connection.Execute(sql, new { channel, message.Topic, message.Payload }, transaction);
        }

        transaction.Commit();
        return messages.Count;
    });

    internal sealed class RetainedRow
    {
        public string Topic { get; set; } = "";

        public string Payload { get; set; } = "";
    }
}
