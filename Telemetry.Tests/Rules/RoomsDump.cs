using Telemetry.Api;
using Telemetry.Core.Stream;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Rules;
public class RoomsDump {
    [Fact] public void Dump() {
        foreach (var (type, root) in new[] { (typeof(Api.Program), "Telemetry.Api"), (typeof(Core.Stream.LiveGraph), "Telemetry.Core") }) {
            var g = RoomGraph.Of(type.Assembly.Location, root);
            File.AppendAllText("/tmp/rooms.txt", root + " circles: " + string.Join(" ", g.OnCircles()) + "\n" + string.Join("\n", g.Arrows.Select(a => $"{a.Key.From} -> {a.Key.To}: {string.Join("; ", a.Value)}")) + "\n");
        }
    }
}
