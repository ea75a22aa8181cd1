using System.Text;
using System.Text.Json;
using Telemetry.Api.Sockets;
using Telemetry.Core.Broadcast;
using Telemetry.Core.Presence;
using Telemetry.Core.Signals;
using Telemetry.Core.Stream;
using Telemetry.Core.Vehicles;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Broadcast;

public class SignalChoiceTests
{
    readonly VehicleRegistry _vehicles = new();
    readonly SignalCatalog _catalog = new();

    [Theory]
    [InlineData("soc,odometer", "\"fuel_rail_pressure\":null,\"soc\":71.5,\"odometer\":null}")]
    [InlineData("odometer,soc,soc", "\"fuel_rail_pressure\":null,\"odometer\":null,\"soc\":71.5}")]
    [InlineData("rpm,soc", "\"fuel_rail_pressure\":null,\"soc\":71.5}")]
    [InlineData("rpm", "\"fuel_rail_pressure\":null}")]
    [InlineData("*", "\"fuel_rail_pressure\":null,\"soc\":71.5,\"hv_v\":398.2}")]
    public void The_chosen_signals_follow_the_six(string text, string end)
    {
        Message(Of(text)).Should().Contain("\"data\":{\"vehicle_id\":1,\"rpm\":900,").And.Contain(end + ",\"timestamp\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("soc,")]
    [InlineData("SOC")]
    [InlineData("*,soc")]
    [InlineData("so c")]
    [InlineData("a\"b")]
    [InlineData("vehicle_id")]
    public void Anything_else_is_refused(string text) => SignalChoice.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void So_many_names_and_no_more()
    {
        var names = string.Join(',', Enumerable.Range(1, 101).Select(i => $"cell_{i}"));
        SignalChoice.TryParse(names, out _).Should().BeFalse();
        SignalChoice.TryParse(names[..names.LastIndexOf(',')], out _).Should().BeTrue();
    }

    [Fact]
    public void Choices_of_the_same_are_equal()
    {
        var one = Of("soc,hv_v");
        var two = Of("soc,hv_v,rpm");
        one.Equals(two).Should().BeTrue();
        one.GetHashCode().Should().Be(two.GetHashCode());
        one.Equals(Of("hv_v,soc")).Should().BeFalse();
        SignalChoice.All.Equals(SignalChoice.None).Should().BeFalse();
    }

    [Fact]
    public void No_signal_passes_for_the_vehicles_id()
    {
        using var json = JsonDocument.Parse(Message(SignalChoice.All, ("vehicle_id", 7)));
        json.RootElement.GetProperty("data").EnumerateObject().Where(key => key.Name == "vehicle_id").Select(key => key.Value.GetInt32()).Should().Equal(1);
    }

    [Fact]
    public void A_message_longer_than_64_KiB_has_the_long_header()
    {
        var cells = Enumerable.Range(0, 4000).Select(i => ($"battery_cell_voltage_{i}", 3.7)).ToArray();
        var payload = Encoding.UTF8.GetBytes(Message(SignalChoice.All, cells));
        var frame = new Frame(Snapshot(cells), true, SignalChoice.All).Encoded(FrameEncoding.Plain, before: null);
        frame[..2].Should().Equal(0x81, 127);
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(2)).Should().Be((ulong)payload.Length);
        frame.AsSpan(10).SequenceEqual(payload).Should().BeTrue();
    }

    static SignalChoice Of(string text)
    {
        SignalChoice.TryParse(text, out var choice).Should().BeTrue();
        return choice;
    }

    string Message(SignalChoice choice, params (string Name, double Value)[] more) => Encoding.UTF8.GetString(TelemetryMessage.Serialize(Snapshot(more), choice));

    VehicleSnapshot Snapshot(params (string Name, double Value)[] more)
    {
        var readings = new[] { ("soc", 71.5), ("rpm", 900), ("hv_v", 398.2) }.Concat(more).Select(named =>
        {
            _catalog.TryNamed(named.Item1, out var signal).Should().BeTrue();
            return Cars.At(0, signal!, named.Item2);
        });
        return VehicleSnapshot.Unheard(_vehicles.Default, Cars.Noon, TimeSpan.FromSeconds(10)).After(_vehicles.Default.Arrives([.. readings]), VehicleState.Running);
    }
}
