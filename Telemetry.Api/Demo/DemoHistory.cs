using System.Data.Common;
using System.Reactive.Concurrency;
using System.Text.Json;
using Dapper;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Api.Vehicles;
using Telemetry.Core.Demo;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Demo;

/// <summary>Gives the demo two weeks of drives and alerts at its first start, before the pages can be opened: in a store without any reading, as an import, in one transaction. Forecasts are learned of them afterwards, as of every import.</summary>
sealed partial class DemoHistory(
    StoreAndForward keeper, ReadingStore store, ReadingsImport imports, AlertRules rules, VehicleChanges changes, VehicleRegistry vehicles, SignalCatalog signals, PresenceLimits presence, IScheduler clock,
    ILogger<DemoHistory> log) : IHostedService
{
    const int Seed = 2500;

    // Beside the rules of every new store.
    static readonly string[] Rules =
    [
        """{"name":"Speeding","severity":"warning","when":[{"signal":"vehicle_speed","above":130,"clear":125}],"for":10,"once_per_drive":true}""",
        """{"name":"Fuel low","severity":"info","when":[{"signal":"fuel_tank_level","below":10,"clear":15}],"for":300,"once_per_drive":true}""",
        """{"name":"Charge low","severity":"warning","when":[{"signal":"soc","below":20,"clear":25}],"for":60}""",
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MakeAsync();
        }
        catch (DbException error)
        {
            Log.NotMade(log, DbErrorText.Summarize(error));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task MakeAsync()
    {
        var started = clock.Now;
        if (!keeper.Opened.IsCompleted || await store.ReadAsync(connection => connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM last_values)"))) return;
        foreach (var rule in Rules) await rules.AddAsync(JsonElement.Parse(rule), by: null);
        var entries = new List<HistoryEntry>();
        foreach (var car in DemoVehicle.All)
        {
            var vehicle = car.Device is { } device ? vehicles.Of(device) : vehicles.Default;
            entries.AddRange(Make(car, vehicle));
        }

        if (!await imports.RunAsync(entries, batch => keeper.TryChangeAsync(() => store.WriteAsync(batch)))) return;
        foreach (var car in DemoVehicle.All)
            await changes.ReviseAsync(car.Device is { } device ? vehicles.Of(device) : vehicles.Default, VehiclePatch.Read(Profile(car)));
        Log.Made(log, entries.Sum(entry => entry.Readings.Length), entries.Count(entry => entry.Alert is not null), (clock.Now - started).TotalSeconds);
    }

    // One entry for each signal, because its rows are together in the store.
    IEnumerable<HistoryEntry> Make(DemoVehicle car, Vehicle vehicle)
    {
        var today = clock.Now.ToLocalTime().Date;
        using var alerts = new DemoAlerts(vehicle, presence, Utc(today.AddDays(-DemoVehicle.Days)), [.. rules.All.Select(stored => stored.Rule).Where(rule => rule.IsEnabled)]);
        var bySignal = new Dictionary<Signal, List<Reading>>();
        foreach (var message in DemoPast.Of(car, DateOnly.FromDateTime(today), Seed))
        {
            var at = Utc(message.At);
            var readings = message.Values.Select(value => new Reading(SignalOf(value.Signal), value.Value, at)).ToArray();
            alerts.Add(readings);
            foreach (var reading in readings)
            {
                if (!bySignal.TryGetValue(reading.Signal, out var all)) bySignal[reading.Signal] = all = [];
                all.Add(reading);
            }
        }

        return [.. bySignal.Values.Select(readings => new HistoryEntry(vehicle, [.. readings], null)), .. alerts.Ended.Select(alert => new HistoryEntry(vehicle, [], null, Alert: alert))];
    }

    static DateTime Utc(DateTime local) => TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), TimeZoneInfo.Local);

    Signal SignalOf(string name) => signals.TryNamed(name, out var signal) ? signal! : throw new ArgumentException(name);

    static JsonElement Profile(DemoVehicle car)
    {
        var size = FormattableString.Invariant($"\"{(car.Design.IsElectric ? "battery_kwh" : "tank_litres")}\":{car.Design.Storage}");
        return JsonElement.Parse($$"""{"name":"{{car.Name}}","kind":"{{(car.Design.IsElectric ? "electric" : "car")}}","color":"{{car.Color}}",{{size}}}""");
    }

    static partial class Log
    {
        [LoggerMessage(504, LogLevel.Information, "The demo has a past of two weeks: {Readings} simulated readings and {Alerts} alerts, made in {Seconds:0.0} s")]
        public static partial void Made(ILogger log, int readings, int alerts, double seconds);

        [LoggerMessage(505, LogLevel.Warning, "The demo has no past, because of the store ({Problem})")]
        public static partial void NotMade(ILogger log, string problem);
    }
}
