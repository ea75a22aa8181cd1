using System.Data.Common;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

/// <summary><c>--import FILE</c>: takes readings in without serving anybody, also beside a running server, which has the spool.</summary>
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
            await Console.Error.WriteLineAsync($"{store.Name} cannot be written ({DbErrorText.Summarize(error)}). Import the file again when it can: what is there already changes nothing.");
            return 1;
        }

        async Task<bool> Write(IReadOnlyList<HistoryEntry> batch)
        {
            await store.WriteAsync(batch);
            return true;
        }
    }
}
