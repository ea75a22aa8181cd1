using System.Text;
using Telemetry.Api.Broadcast;
using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;

namespace Telemetry.Tests.Broadcast;

public class ForecastFramesTests
{
    static readonly Subscription All = new(null, SignalChoice.None, TimeSpan.Zero, FrameEncoding.Plain);

    [Fact]
    public void A_new_client_gets_the_newest_message_of_each_vehicle_that_still_has_one()
    {
        var frames = new ForecastFrames();
        frames.Publish(1, "one"u8.ToArray());
        frames.Publish(2, "two"u8.ToArray());
        frames.Publish(2, "new"u8.ToArray());
        frames.Remove(1);
        var (cursor, count, bytes) = frames.After(0, All);
        count.Should().Be(1);
        Encoding.UTF8.GetString(bytes).Should().EndWith("new");
        frames.After(cursor, All).Frames.Should().Be(0);
    }
}
