using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.History;

/// <summary>Clients that ask for much, or take long to read it.</summary>
public class HistoryLoadTests
{
    const int AtOnce = 4;

    static readonly DateTime Start = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Clients_that_stop_reading_an_export_hold_up_no_other_and_are_cut_off()
    {
        await using var server = await Server.Start("Broadcast:WriteTimeout=00:00:01");
        // More than sockets hold: 100 bytes and more a line.
        await server.Import([.. Enumerable.Range(0, 100_000).Select(i => (Start.AddSeconds(i * 0.8), new string('v', 64), "odometer", (double)i))]);
        await server.StoreIs("direct"); // What the spool still has is in no export.
        using var slow = new Sockets();
        for (var i = 0; i < AtOnce; i++) (await slow.Ask(server)).Should().Be("HTTP/1.1 200 OK");
        using (var one_more = await server.Http.GetAsync("/telemetry/export?vehicle_id=2&from=2026-11-01&to=2026-11-02"))
            (await one_more.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(1 + 100_000);
        (await server.Http.GetAsync("/telemetry/history?vehicle_id=2&signal=odometer&from=2026-11-01&to=2026-11-02")).StatusCode.Should().Be(HttpStatusCode.OK);
        await server.Publish(("wican/rpm", "900"));
        await server.StoreIs("direct");
        await slow.AllEnded();
    }

    [Fact]
    public async Task A_log_that_readers_made_long_is_cut_when_they_are_gone()
    {
        using var folder = new TempFolder();
        await using var server = await Server.Start($"History:SqlitePath={folder["telemetry.db"]}");
        await server.Import((Start, "default", "rpm", 900));
        await using (var reader = new SqliteConnection($"Data Source={folder["telemetry.db"]};Pooling=False"))
        {
            await reader.OpenAsync();
            await reader.ExecuteScalarAsync("BEGIN; SELECT count(*) FROM readings");
            for (var i = 0; LogLength() < 12 << 20; i++)
            {
                await server.Import([.. Enumerable.Range(0, 20_000).Select(k => (Start.AddSeconds(i * 20_000 + k), "default", "odometer", (double)k))]);
                await server.StoreIs("direct"); // What is still in the spool would make the log long again.
            }
        }

        // It is cut once nothing has been written for some seconds.
        await Eventually.Holds("the log is short again", () => LogLength() < 1 << 20, TimeSpan.FromMinutes(1));

        long LogLength() => new FileInfo(folder["telemetry.db-wal"]).Length;
    }

    [Fact]
    public async Task Many_charts_at_once_are_all_drawn()
    {
        await using var server = await Server.Start();
        await server.Import((Start, "default", "rpm", 900));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.Http.GetAsync("/telemetry/history?from=2026-11-01&to=2026-11-02")));
        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    /// <summary>Clients that read the first line of an answer and then no more.</summary>
    sealed class Sockets : IDisposable
    {
        readonly List<TcpClient> _clients = [];

        public async Task<string> Ask(Server server)
        {
            var client = new TcpClient { ReceiveBufferSize = 4096 };
            _clients.Add(client);
            await client.ConnectAsync(server.Address.Host, server.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"GET /telemetry/export?vehicle_id=2&from=2026-11-01&to=2026-11-02&format=ndjson HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n"));
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, false, 64, leaveOpen: true);
            return await reader.ReadLineAsync() ?? "";
        }

        /// <summary>Waits until the server has ended all of them.</summary>
        public async Task AllEnded()
        {
            foreach (var client in _clients)
            {
                await Eventually.Holds("the server has ended it", () => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
                    .All(connection => !connection.LocalEndPoint.Equals(client.Client.LocalEndPoint) || connection.State != TcpState.Established));
            }
        }

        public void Dispose() => _clients.ForEach(client => client.Dispose());
    }
}
