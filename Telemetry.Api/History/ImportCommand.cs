using System.Data.Common;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary><c>--import FILE</c>: imports readings and exits. Works while a server is running, which holds the spool.</summary>
static class ImportCommand
{
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string file)
    {
        var store = services.GetRequiredService<ReadingStore>();
        try
        {
            await store.PrepareAsync();
            await store.LoadAsync();
            using var text = File.OpenText(file);
            var result = await services.GetRequiredService<ReadingsImport>().RunAsync(text, new ImportTarget(Write, LimitsNewVehicles: false), CancellationToken.None);
            if (result.Problem is not null) await Console.Error.WriteLineAsync(result.Problem);
            Console.WriteLine($"{result.Readings} readings imported, {result.Rejected} rejected.");
            return result.Problem is null ? 0 : 1;
        }
        catch (DbException error)
        {
            await Console.Error.WriteLineAsync($"{store.Name} cannot be written ({DbErrorText.Summarize(error)}). Import the file again later: readings that are already stored are not duplicated.");
            return 1;
        }

        async Task<bool> Write(IReadOnlyList<HistoryEntry> batch)
        {
            await store.WriteAsync(batch);
            return true;
        }
    }
}
