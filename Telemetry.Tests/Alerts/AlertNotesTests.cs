using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Alerts;

/// <summary>Open alerts in the spool.</summary>
public sealed class AlertNotesTests : IDisposable
{
    const int Count = 10_000;

    // All of them, written out, take ten times as much.
    const long MaxBytes = 2 << 20;

    readonly TempFolder _folder = new();
    readonly Spool _spool;
    readonly VehicleRegistry _vehicles = new();

    public AlertNotesTests() => _spool = new Spool(_folder["spool.db"], 1 << 30);

    public void Dispose()
    {
        _spool.Dispose();
        _folder.Dispose();
    }

    AlertNotes Notes() => new(_spool, _vehicles, new SignalCatalog(), NullLogger<AlertNotes>.Instance);

    [Fact]
    public void Of_ten_thousand_open_alerts_only_the_changed_ones_are_written()
    {
        var now = Cars.Noon;
        List<Alert> open = [.. Enumerable.Range(0, Count).Select(i => new Alert(AlertIds.New(now), 1, _vehicles.Of($"car{i}"), Severity.Info, now, now) { Rule = "offline" })];
        var notes = Notes();
        notes.Save([], open);
        Written(() => notes.Save([], open)).Should().Be((0, true), "nothing has changed");
        open[17] = open[17] with { Note = "seen" };
        open.RemoveAt(4000);
        open.Add(new Alert(AlertIds.New(now), 2, null, Severity.Warning, now, now));
        Written(() => notes.Save([], open)).Should().Be((3, true));

        var again = Notes().ReadAlerts();
        again.Should().BeEquivalentTo(open.OrderBy(alert => alert.Id.ToString(), StringComparer.Ordinal), options => options.WithStrictOrdering());
        Notes().Save([], [open[17]]); // Of a run that has not read what another one has left.
        Notes().ReadAlerts().Should().Equal(open[17]);
    }

    (long Rows, bool IsCheap) Written(Action save)
    {
        var (rows, bytes) = (Changes(), GC.GetAllocatedBytesForCurrentThread());
        save();
        return (Changes() - rows, GC.GetAllocatedBytesForCurrentThread() - bytes < MaxBytes);
    }

    long Changes() => _spool.Use(connection => connection.ExecuteScalar<long>("SELECT total_changes()"));
}
