using Telemetry.Core.Alerts;
using Telemetry.Core.Vehicles;

namespace Telemetry.Tests.Alerts;

public class AlertTests
{
    [Fact]
    public void No_alert_fires_before_its_wait_begins()
    {
        var at = new DateTime(2026, 11, 1, 12, 0, 0, DateTimeKind.Utc);
        var rule = new AlertRule(1, 1, []);
        var transition = new AlertTransition(AlertChange.Fired, rule, new VehicleRegistry().Default, at.AddMicroseconds(1), at, null, null, TimeSpan.Zero);
        Alert.Of(transition, rule).FiredAt.Should().Be(at.AddMicroseconds(1));
    }
}
