using System.Data.Common;
using Telemetry.Api.Hosting;
using Telemetry.Api.Store;
using Telemetry.Core.Logs;

namespace Telemetry.Api.History;

static class ImportCommand
{
    public static async Task<int> RunAsync(IServiceProvider services, string path, CommandLine commandLine)
    {
        var arguments = commandLine.Import;
        var store = services.GetRequiredService<ReadingStore>();
        var import = services.GetRequiredService<ReadingsImport>();
        try
        {
            await store.PrepareAsync();
            await store.LoadAsync();
            await using var file = File.OpenRead(path);
            using var text = await ImportLines.OpenAsync(file, CancellationToken.None);
            var options = new LogOptions(commandLine.Device, Start(arguments), Zone(arguments), import.Now) { FileStart = LogFileName.Start(Path.GetFileNameWithoutExtension(path)) };
            var result = await import.RunAsync(text, options, new ImportTarget(WriteAsync, LimitsNewVehicles: false, arguments.IsDryRun), CancellationToken.None);
            if (result.Problem is { } problem) await Console.Error.WriteLineAsync(problem.Text);
            Console.WriteLine(ImportText.Of(result.Report));
            return result.Problem is null ? 0 : 1;
        }
        catch (DbException error)
        {
            await Console.Error.WriteLineAsync($"{store.Name} cannot be written ({DbErrorText.Summarize(error)}). Import the file again later: readings that are already stored are not duplicated.");
            return 1;
        }

        async Task<bool> WriteAsync(IReadOnlyList<HistoryEntry> batch)
        {
            await store.WriteAsync(batch);
            return true;
        }
    }

    static TimeValue? Start(ImportArguments arguments)
    {
        try
        {
            return arguments.Start is { } text ? ImportQuery.ParseStart(text) : null;
        }
        catch (FormatException error)
        {
            throw new SettingException($"--start is '{arguments.Start}'; it {error.Message}");
        }
    }

    static TimeZoneInfo Zone(ImportArguments arguments)
    {
        if (arguments.Zone is not { } text) return TimeZoneInfo.Utc;
        return LogZone.TryParse(text, out var zone) ? zone : throw new SettingException($"--zone is '{text}'; it takes {LogZone.Takes}.");
    }
}
