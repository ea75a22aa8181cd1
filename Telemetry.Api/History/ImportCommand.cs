namespace Telemetry.Api.History;

/// <summary><c>--import FILE</c>: takes readings in without serving anybody.</summary>
static class ImportCommand
{
    /// <returns>The program's exit code.</returns>
    public static async Task<int> Run(IServiceProvider services, string file)
    {
        var writer = services.GetServices<IHostedService>().OfType<HistoryWriter>().Single();
        await writer.StartAsync(CancellationToken.None);
        using var text = File.OpenText(file);
        var result = await services.GetRequiredService<ReadingsImport>().Run(text, CancellationToken.None);
        await writer.StopAsync(CancellationToken.None);
        if (result.Problem is not null) await Console.Error.WriteLineAsync(result.Problem);
        Console.WriteLine($"{result.Readings} readings imported, {result.Rejected} rejected.");
        return result.Problem is null ? 0 : 1;
    }
}
