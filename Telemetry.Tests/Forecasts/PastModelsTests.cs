using Telemetry.Api.Drives;
using Telemetry.Api.Forecasts;
using Telemetry.Api.Store;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Forecasts;

public class PastModelsTests
{
    const int Days = 6;

    [Fact]
    public async Task What_was_learned_of_earlier_drives_is_shared_and_a_changed_drive_is_learned_again()
    {
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, Days).SelectMany(day => ColdStarts.Rows(day))]);
        var (vehicle, past) = (server.Service<VehicleRegistry>().Default, server.Service<PastModels>());
        var (signals, drives) = await Read(server, vehicle);
        drives.Should().HaveCount(Days);
        async Task<byte[]> Before(int index, IReadOnlyList<DriveSpan> spans) => (await past.BeforeAsync(vehicle, signals, spans, index, CancellationToken.None)).Write();

        // Several viewers at once, at several places.
        var all = await Task.WhenAll(Enumerable.Range(0, Days + 1).Reverse().Select(index => Before(index, drives)));
        for (var i = 0; i <= Days; i++) all[i].Should().Equal(ColdStarts.Learned(Days - i).Write());

        // Without a look at the store: it has no such readings any more.
        DriveSpan[] unread = [.. drives.Select(drive => drive with { Start = drive.Start.AddYears(-1) })];
        (await Before(Days - 1, unread)).Should().Equal(ColdStarts.Learned(Days - 1).Write());
        unread[2] = unread[2] with { Readings = unread[2].Readings + 1 };
        (await Before(Days - 1, unread)).Should().NotEqual(ColdStarts.Learned(Days - 1).Write(), "more was stored for the third drive");
    }

    [Fact]
    public async Task What_the_server_has_learned_is_there_for_the_first_viewer()
    {
        await using var server = await Server.Start();
        await server.Import([.. Enumerable.Range(0, Days).SelectMany(day => ColdStarts.Rows(day))]);
        var vehicle = server.Service<VehicleRegistry>().Default;
        var (signals, drives) = await Read(server, vehicle);
        await server.HasLearned(Days);

        // The store has no readings of such drives: they cannot be learned again.
        DriveSpan[] unread = [.. drives.Select(drive => drive with { Start = drive.Start.AddYears(-1) })];
        (await server.Service<PastModels>().BeforeAsync(vehicle, signals, unread, Days - 1, CancellationToken.None)).Write().Should().Equal(ColdStarts.Learned(Days - 1).Write());
    }

    static async Task<(RecordedSignals Signals, IReadOnlyList<DriveSpan> Drives)> Read(Server server, Vehicle vehicle)
    {
        RecordedSignals? signals = null;
        IReadOnlyList<DriveSpan> drives = [];
        await Eventually.Holds("the import is stored", async () =>
        {
            signals = await server.Service<RecordedDrives>().InputsAsync(vehicle, CancellationToken.None);
            drives = await server.Service<DriveFinder>().SpansAsync(vehicle, DateTime.UnixEpoch, DateTime.UtcNow, CancellationToken.None);
            return drives.Sum(drive => drive.Readings) == Days * ColdStarts.Readings(0).Count();
        });
        return (signals!, drives);
    }
}
