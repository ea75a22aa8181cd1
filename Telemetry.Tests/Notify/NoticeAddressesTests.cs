using Telemetry.Api.Access;
using Telemetry.Api.Alerts;
using Telemetry.Api.History;
using Telemetry.Api.Notify;
using Telemetry.Core.Notifications;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Notify;

public sealed class NoticeAddressesTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_that_cannot_be_read_now_is_read_later_and_until_then_no_link_acknowledges()
    {
        var path = _folder["spool.db"];
        using var spool = new Spool(path, 1 << 20);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, "spool.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))) File.Delete(file);
        Directory.CreateDirectory(path);
        var addresses = new NoticeAddresses(new AlertsSettings { Url = "https://car.example" }, new AckKeys(new AuthSettings(), spool));
        var alert = Guid.NewGuid();
        addresses.Of(alert).Should().Be(new NoticeLinks($"https://car.example/alerts.html#{alert}", ""));
        Directory.Delete(path);
        addresses.Of(alert).Ack.Should().StartWith($"https://car.example/alerts/{alert}/ack?key=");
    }
}
