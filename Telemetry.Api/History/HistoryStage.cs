using Npgsql;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Every reading, kept.</summary>
static class HistoryStage
{
    public static void AddHistory(this IHostApplicationBuilder builder)
    {
        var settings = builder.AddSettings<HistorySettings>("History");
        var dialect = Dialect(builder.Configuration.GetConnectionString("Telemetry"), settings);
        builder.Services.AddSingleton<HistoryQueue>();
        builder.Services.AddSingleton<HistoryStatus>();
        builder.Services.AddSingleton(services =>
            new ReadingStore(dialect, services.GetRequiredService<SignalCatalog>(), services.GetRequiredService<VehicleRegistry>()));
        builder.Services.AddHostedService<HistoryWriter>();
    }

    static StoreDialect Dialect(string? connectionString, HistorySettings settings)
    {
        if (string.IsNullOrWhiteSpace(connectionString)) return new SqliteDialect(settings.SqlitePath);
        try
        {
            return new PostgresDialect(NpgsqlDataSource.Create(connectionString));
        }
        catch (ArgumentException error)
        {
            // The text of the error names the keyword, never its value: a password does not reach the log.
            throw new SettingException($"ConnectionStrings:Telemetry takes an Npgsql connection string such as " +
                $"Host=localhost;Database=telemetry;Username=telemetry;Password=… ({error.Message.ReplaceLineEndings(" ")}).");
        }
    }
}
