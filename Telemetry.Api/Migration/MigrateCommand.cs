using System.Data.Common;
using Telemetry.Api.History;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;

namespace Telemetry.Api.Migration;

/// <summary><c>--migrate-to CONNECTION</c>: copies the SQLite store of the settings into a PostgreSQL database and exits. Can be repeated after an interruption.</summary>
static class MigrateCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string connectionString)
    {
        var settings = services.GetRequiredService<HistorySettings>();
        if (!File.Exists(settings.SqlitePath)) throw new SettingException($"--migrate-to: there is no SQLite store at History:SqlitePath ('{Path.GetFullPath(settings.SqlitePath)}').");
        await using var database = HistoryStage.Connections(connectionString, "--migrate-to");
        using var source = new SqliteDialect(settings.SqlitePath);
        using var spool = Lock(settings);
        var target = new PostgresDialect(database);
        try
        {
            // Both get the newest tables first, so that they are the same.
            foreach (var dialect in (StoreDialect[])[source, target]) await ActivatorUtilities.CreateInstance<ReadingStore>(services, dialect).PrepareAsync();
            await using var from = source.Connect();
            await from.OpenAsync();
            await using var to = await database.OpenConnectionAsync();
            var problem = await new StoreCopy(from, to, target, Console.WriteLine).RunAsync();
            if (problem is null)
            {
                Console.WriteLine($"Everything of {source.Location} is in {target.Location}. Set ConnectionStrings:Telemetry to that database and start the server; what the spool holds follows by itself.");
                return 0;
            }

            await Console.Error.WriteLineAsync(problem);
        }
        catch (DbException error)
        {
            await Console.Error.WriteLineAsync($"The copy has stopped ({DbErrorText.Summarize(error).TrimEnd('.')}). Run the same command again: it goes on where it stopped.");
        }

        return 1;
    }

    // A running server would add readings behind the copy.
    static SpoolLock Lock(HistorySettings settings)
    {
        var held = new SpoolLock($"{settings.SpoolPath}-lock");
        try
        {
            held.Hold();
            return held;
        }
        catch (IOException)
        {
            held.Dispose();
            throw new SettingException("--migrate-to: a server runs with this spool. Stop it first.");
        }
    }
}
