using MQTTnet;
using Telemetry.Api.Ingest;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

public sealed class DeliveryLogTests : IDisposable
{
    readonly TempFolder _folder = new();
    DeliveryLog _log;

    public DeliveryLogTests() => _log = new DeliveryLog(_folder["x.deliveries"]);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    static MqttApplicationMessage Message(string payload, string topic = "wican/rpm") => new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).Build();

    [Fact]
    public void A_message_delivered_again_is_known_by_its_identifier_topic_and_payload()
    {
        _log.Arrived(7, Message("900"), Cars.Noon);
        _log.FirstArrival(7, Message("900")).Should().Be(Cars.Noon);
        _log.FirstArrival(8, Message("900")).Should().BeNull();
        _log.FirstArrival(7, Message("901")).Should().BeNull();
        _log.FirstArrival(7, Message("900", "wican/speed")).Should().BeNull();
    }

    [Fact]
    public void It_is_known_to_the_next_process_too()
    {
        _log.Arrived(65_535, Message("900"), Cars.Noon);
        _log.Dispose();
        _log = new DeliveryLog(_folder["x.deliveries"]);
        _log.FirstArrival(65_535, Message("900")).Should().Be(Cars.Noon);
    }

    [Fact]
    public void An_acknowledged_message_of_an_earlier_lap_is_another_one()
    {
        _log.Arrived(7, Message("900"), Cars.Noon);
        _log.Acknowledged(7);
        Others(20_000);
        _log.FirstArrival(7, Message("900")).Should().Be(Cars.Noon, "the acknowledgement may have been lost");
        Others(20_000);
        _log.FirstArrival(7, Message("900")).Should().BeNull();
    }

    [Fact]
    public void What_was_not_acknowledged_is_known_however_long_ago_it_came()
    {
        _log.Arrived(7, Message("900"), Cars.Noon);
        Others(100_000);
        _log.FirstArrival(7, Message("900")).Should().Be(Cars.Noon);
    }

    [Fact]
    public void Without_the_session_no_arrival_is_kept()
    {
        _log.Arrived(7, Message("900"), Cars.Noon);
        _log.Clear();
        _log.FirstArrival(7, Message("900")).Should().BeNull();
    }

    [Fact]
    public void Its_file_has_room_for_all_before_the_disk_is_full()
    {
        using var disk = new SmallDisk();
        using (var holes = File.Create(disk["x.deliveries"])) holes.SetLength(65_536 * 24);
        using var log = new DeliveryLog(disk["x.deliveries"]);
        disk.Fill();
        log.Clear(); // Writes to every page: one without a block would end the process.
        log.Arrived(7, Message("900"), Cars.Noon);
        log.FirstArrival(7, Message("900")).Should().Be(Cars.Noon);
    }

    [Fact]
    public void On_a_full_disk_errors_are_kept_in_memory()
    {
        using var disk = new SmallDisk();
        disk.Fill();
        using var log = new DeliveryLog(disk["x.deliveries"]);
        log.Arrived(7, Message("900"), Cars.Noon);
        log.Acknowledged(7);
        log.FirstArrival(7, Message("900")).Should().Be(Cars.Noon);
        log.FirstArrival(8, Message("900")).Should().BeNull();
    }

    void Others(int count)
    {
        for (var i = 0; i < count; i++) _log.Arrived((ushort)(100 + i % 60_000), Message("900"), Cars.Noon);
    }
}
