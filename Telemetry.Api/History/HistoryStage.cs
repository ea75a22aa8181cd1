using System.Data.Common;
using Npgsql;
using Telemetry.Api.Hosting;
using Telemetry.Api.Http;
using Telemetry.Api.Store;

namespace Telemetry.Api.History;

static class HistoryStage
{
    public static void AddHistory(this IHostApplicationBuilder builder)
    {
        builder.AddEndpoints(HistoryEndpoints.MapHistory);
        var settings = builder.AddSettings("History", new HistoryValidator(), static (section, strict) => section.Get<HistorySettings>(strict));
        builder.Services.AddSingleton<HistoryQueue>();
        builder.Services.AddSingleton<HistoryStatus>();
        var dialect = Dialect(builder.Configuration.GetConnectionString("Telemetry"), settings);
        builder.Services.AddSingleton(_ => Usable(dialect, settings));
        builder.Services.AddSingleton<VehicleOwnership>();
        builder.Services.AddSingleton<ReadingStore>();
        builder.Services.AddSingleton(_ => OpenSpool(settings));
        builder.Services.AddSingleton<SpoolDeletion>();
        builder.Services.AddSingleton<QuarantiningWriter>();
        builder.Services.AddSingleton<OfflineBootstrap>();
        builder.Services.AddSingleton<FutureReadings>();
        builder.Services.AddSingleton<WriterLease>();
        builder.Services.AddSingleton<HistoryRoute>();
        builder.Services.AddSingleton<SpoolWriter>();
        builder.Services.AddSingleton<SpoolDrain>();
        builder.Services.AddSingleton<HeardVehicleTable>();
        builder.Services.AddSingleton<HeardVehicles>();
        builder.Services.AddSingleton<HeardVehicleLoader>();
        builder.Services.AddSingleton<StoreAndForward>();
        builder.Services.AddSingleton<StoreChanges>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreChanges>());
        builder.Services.AddHostedService<HeardVehicleKeeper>();
        builder.Services.AddSingleton<LongReads>();
        builder.Services.AddSingleton<HistoryReader>();
        builder.Services.AddSingleton<ReadingsImport>();
        builder.Services.AddHostedService<HistoryWriter>();
        builder.Services.AddSingleton<StoreMaintenance>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoreMaintenance>());
        builder.AddJson(HistoryJson.Default);
    }

    // A wrong file needs a person to correct it, so the start fails; a remote database may come back.
    static StoreDialect Usable(StoreDialect dialect, HistorySettings settings)
    {
        if (dialect is SqliteDialect file) Open(nameof(settings.SqlitePath), settings.SqlitePath, "an SQLite file that can be written", () => file.MustBeWritable());
        return dialect;
    }

    static Spool OpenSpool(HistorySettings settings)
    {
        Spool? spool = null;
        Open(nameof(settings.SpoolPath), settings.SpoolPath, "an SQLite file of this server's own that can be written", () => spool = new Spool(settings.SpoolPath, settings.SpoolLimit));
        return spool!;
    }

    static void Open(string key, string path, string takes, Action open)
    {
        try
        {
            open();
        }
        catch (Exception error) when (error is DbException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"History:{key} is '{path}'; it takes {takes} ({error.Message.TrimEnd('.')}).");
        }
    }

    static StoreDialect Dialect(string? connectionString, HistorySettings settings) =>
        string.IsNullOrWhiteSpace(connectionString) ? new SqliteDialect(settings.SqlitePath) : Postgres(connectionString);

    // Separate method, so that Npgsql is loaded only when needed.
    static PostgresDialect Postgres(string connectionString) => new(Connections(connectionString, "ConnectionStrings:Telemetry"));

    /// <summary>Throws <see cref="SettingException"/>, which names the <paramref name="setting"/>, for an invalid connection string.</summary>
    public static NpgsqlDataSource Connections(string connectionString, string setting)
    {
        try
        {
            // Detects a hanging database quickly, unless the connection string says otherwise.
            var defaults = new NpgsqlConnectionStringBuilder { Timeout = 5, CommandTimeout = 10, CancellationTimeout = 1000 };
            foreach (var (key, value) in new NpgsqlConnectionStringBuilder(connectionString)) defaults[key] = value;
            return NpgsqlDataSource.Create(defaults);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Never show a part of the string: the error may be in, or next to, the password.
            throw new SettingException($"{setting} takes an Npgsql connection string such as " +
                "Host=localhost;Database=telemetry;Username=telemetry;Password=…; a postgresql:// address is not one.");
        }
    }
}
