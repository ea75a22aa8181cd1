using System.Data;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using Telemetry.Bench.Rig;
using static Telemetry.Bench.Rig.Report;

namespace Telemetry.Bench.Store;

/// <summary>The server's way to write readings against PostgreSQL's fastest, binary COPY: batch sizes, with and without the summaries.</summary>
static class StoreBenchmark
{
    const int Vehicles = 100;
    const int Signals = 6;

    static readonly int[] Sizes = [100, 1000, 5000];

    public static async Task Run(Arguments arguments, CancellationToken cancel)
    {
        _ = arguments.Text("server", ""); // Not needed: the database alone is measured.
        var rows = arguments.Number("rows", usual: 20_000, smoke: 5_000, most: 1_000_000);
        var rounds = arguments.Number("rounds", usual: 5, smoke: 1);
        arguments.NoMore();

        using var folder = new TempFolder();
        await using var postgres = await Postgres.Start(folder, cancel);
        var contenders = new List<Contender>();
        try
        {
            contenders.Add(await Contender.Open("A", "INSERT … unnest, summaries (the server)", postgres, true, Insert, cancel));
            contenders.Add(await Contender.Open("B", "COPY, summaries", postgres, true, Copy, cancel));
            contenders.Add(await Contender.Open("C", "INSERT … unnest, no summaries", postgres, false, Insert, cancel));
            contenders.Add(await Contender.Open("D", "COPY, no summaries", postgres, false, Copy, cancel));
            contenders.Add(await Contender.Open("E", "COPY to a temporary table, INSERT … SELECT, summaries", postgres, true, CopyThenInsert, cancel));
            foreach (var contender in contenders) await contender.Write(Sizes[^1], 2 * Sizes[^1], cancel); // Compiles, caches, grows files.
            foreach (var contender in contenders) contender.Forget();
            for (var round = 0; round < rounds; round++)
            {
                foreach (var size in Sizes)
                {
                    foreach (var contender in contenders.Skip(round % contenders.Count).Concat(contenders.Take(round % contenders.Count)))
                        await contender.Write(size, rows, cancel);
                }
            }

            foreach (var contender in contenders) await contender.MustHoldAll(cancel);
            Head(
                "Store: INSERT … SELECT … FROM unnest(…) behind a savepoint against binary COPY",
                $"{rows} rows of each way, batch size and round, {rounds} interleaved rounds, each batch a transaction; {Vehicles} vehicles × {Signals} signals, readings of now, in one partition. " +
                "Each way has a database of its own with the server's schema. COPY fails where a row is there already: alone it cannot be repeated.",
                await postgres.Describe());
            Table(
                ["rows/s, median of rounds", .. Sizes.Select(size => $"batches of {size}")],
                contenders.Select(contender => (string[])[$"{contender.Letter}: {contender.Name}", .. Sizes.Select(size => Figure(Percentiles.Median(contender.Rates(size)), 0))]));
            Table(
                ["ratio, median of rounds", .. Sizes.Select(size => $"batches of {size}")],
                [Ratio("A / B: as the server does", 0, 1), Ratio("C / D: without the summaries", 2, 3), Ratio("A / C: what the summaries leave", 0, 2), Ratio("E / A: COPY that can be repeated", 4, 0)]);
        }
        finally
        {
            foreach (var contender in contenders) await contender.DisposeAsync();
        }

        string[] Ratio(string name, int of, int to) =>
            [name, .. Sizes.Select(size => Figure(Percentiles.Median(contenders[of].Rates(size).Zip(contenders[to].Rates(size), (mine, theirs) => mine / theirs)), 2))];
    }

    // As the server does: where a row is there already, it goes back to the savepoint and inserts the others.
    static Task Insert(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch) => connection.ExecuteAsync("""
        SAVEPOINT before_insert;
        INSERT INTO readings (vehicle_id, signal_id, recorded_at, value)
        SELECT * FROM unnest(@VehicleIds, @SignalIds, @RecordedAt, @Values)
        """, batch, transaction);

    static Task Copy(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch) => Copy(connection, "readings", batch);

    static async Task CopyThenInsert(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch)
    {
        await connection.ExecuteAsync("CREATE TEMPORARY TABLE IF NOT EXISTS incoming (vehicle_id integer, signal_id integer, recorded_at timestamptz, value double precision) ON COMMIT DELETE ROWS");
        await Copy(connection, "incoming", batch);
        await connection.ExecuteAsync("INSERT INTO readings SELECT * FROM incoming ON CONFLICT DO NOTHING");
    }

    static async Task Copy(NpgsqlConnection connection, string table, Batch batch)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} (vehicle_id, signal_id, recorded_at, value) FROM STDIN (FORMAT BINARY)");
        for (var row = 0; row < batch.Values.Length; row++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(batch.VehicleIds[row], NpgsqlDbType.Integer);
            await copy.WriteAsync(batch.SignalIds[row], NpgsqlDbType.Integer);
            await copy.WriteAsync(batch.RecordedAt[row], NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(batch.Values[row], NpgsqlDbType.Double);
        }

        await copy.CompleteAsync();
    }

    /// <summary>Rows, column by column.</summary>
    sealed record Batch(int[] VehicleIds, int[] SignalIds, DateTime[] RecordedAt, double[] Values);

    /// <summary>One way to write, in a database of its own.</summary>
    sealed class Contender(string letter, string name, NpgsqlConnection connection, Func<NpgsqlConnection, NpgsqlTransaction, Batch, Task> write) : IAsyncDisposable
    {
        readonly Dictionary<int, List<double>> _rates = [];
        readonly DateTime _from = DateTime.UtcNow;
        long _rows;

        public string Letter => letter;

        public string Name => name;

        public static async Task<Contender> Open(
            string letter, string name, Postgres postgres, bool summaries, Func<NpgsqlConnection, NpgsqlTransaction, Batch, Task> write, CancellationToken cancel)
        {
            var connection = Postgres.Connect(await postgres.CreateDatabase(cancel));
            await connection.OpenAsync(cancel);
            var assembly = Assembly.GetExecutingAssembly();
            foreach (var script in assembly.GetManifestResourceNames().Where(resource => resource.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(script)!);
                await connection.ExecuteAsync(await reader.ReadToEndAsync(cancel));
            }

            var today = DateTime.UtcNow.Date;
            await connection.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
                $"CREATE TABLE readings_now PARTITION OF readings FOR VALUES FROM ('{today:yyyy-MM-dd}+00') TO ('{today.AddDays(2):yyyy-MM-dd}+00')"));
            if (!summaries) await connection.ExecuteAsync("ALTER TABLE readings DISABLE TRIGGER USER");
            return new Contender(letter, name, connection, write);
        }

        public List<double> Rates(int size) => _rates[size];

        public void Forget() => _rates.Clear();

        /// <summary>Writes so many rows in batches of a size, each in a transaction.</summary>
        public async Task Write(int size, int rows, CancellationToken cancel)
        {
            var batches = Enumerable.Range(0, Math.Max(1, rows / size)).Select(_ => Next(size)).ToList();
            var begin = Stopwatch.GetTimestamp();
            foreach (var batch in batches)
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.Unspecified, cancel);
                await write(connection, transaction, batch);
                await transaction.CommitAsync(cancel);
            }

            if (!_rates.TryGetValue(size, out var rates)) _rates[size] = rates = [];
            rates.Add(batches.Count * size / Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        public async Task MustHoldAll(CancellationToken cancel)
        {
            var held = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM readings", cancellationToken: cancel));
            if (held != _rows) throw new BenchmarkException($"{letter} holds {held} rows of {_rows}.");
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        // As they come from a fleet: each vehicle in turn sends all its signals, 10 vehicles a millisecond.
        Batch Next(int size)
        {
            var batch = new Batch(new int[size], new int[size], new DateTime[size], new double[size]);
            for (var row = 0; row < size; row++, _rows++)
            {
                var message = _rows / Signals;
                batch.VehicleIds[row] = 1 + (int)(message % Vehicles);
                batch.SignalIds[row] = (int)(1 + _rows % Signals);
                batch.RecordedAt[row] = _from.AddMicroseconds(message * 100);
                batch.Values[row] = _rows % 8000 / 4.0;
            }

            return batch;
        }
    }
}
