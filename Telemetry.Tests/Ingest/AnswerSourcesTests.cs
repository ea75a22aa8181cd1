using Telemetry.Core.Ingest;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Ingest;

/// <summary>Several control units answer the same question.</summary>
public class AnswerSourcesTests
{
    const int Engine = 0x7E8;
    const int Transmission = 0x7E9;

    readonly Messages _messages = new();

    static string Rpm(int id, int rpm) => $$"""{"id":{{id}},"dlc":8,"rtr":false,"extd":{{(id > 0x7FF ? "true" : "false")}},"data":[4,65,12,{{rpm * 4 >> 8}},{{rpm * 4 & 255}},170,170,170]}""";

    string At(double seconds, params string[] frames) => From("car7", seconds, frames);

    string From(string device, double seconds, params string[] frames) =>
        _messages.Readings($"wican/{device}/can/rx", $$"""{"frame":[{{string.Join(',', frames)}}]}""", Cars.Noon.AddSeconds(seconds));

    [Theory]
    [InlineData(Engine, Transmission, "7e9")]
    [InlineData(Engine, 0x7EF, "7ef")]
    [InlineData(0x7EA, 0x7EB, "7eb")]
    [InlineData(0x18DAF110, 0x18DAF118, "18daf118")]
    [InlineData(0x18DAF101, 0x18DAF1F0, "18daf1f0")]
    public void The_lowest_identifier_is_the_source_and_the_other_is_kept_under_its_own_name(int lower, int higher, string name)
    {
        for (var i = 0; i < 40; i++)
        {
            At(i * 0.05, Rpm(lower, 2000)).Should().Be("car7: rpm=2000");
            At(i * 0.05, Rpm(higher, 0)).Should().Be($"car7: rpm_{name}=0");
        }
    }

    [Fact]
    public void In_one_message_the_lowest_may_come_last() =>
        At(0, Rpm(0x7EA, 1), Rpm(Transmission, 0), Rpm(Engine, 2000)).Should().Be("car7: rpm_7ea=1 rpm_7e9=0 rpm=2000");

    [Fact]
    public void A_lower_one_that_comes_later_is_the_source_from_then_on()
    {
        At(0, Rpm(Transmission, 0)).Should().Be("car7: rpm=0");
        At(0.02, Rpm(Engine, 2000)).Should().Be("car7: rpm=2000");
        At(0.1, Rpm(Transmission, 0)).Should().Be("car7: rpm_7e9=0");
    }

    [Fact]
    public void Another_is_the_source_after_ten_seconds_of_silence_and_no_longer_than_that()
    {
        At(0, Rpm(Engine, 2000), Rpm(Transmission, 0)).Should().Be("car7: rpm=2000 rpm_7e9=0");
        for (var i = 1; i <= 99; i++) At(i * 0.1, Rpm(Transmission, 5)).Should().Be("car7: rpm_7e9=5");
        At(10, Rpm(Transmission, 6)).Should().Be("car7: rpm=6");
        At(10.1, Rpm(Transmission, 7)).Should().Be("car7: rpm=7");
        At(10.2, Rpm(Engine, 2000)).Should().Be("car7: rpm=2000");
        At(10.3, Rpm(Transmission, 8)).Should().Be("car7: rpm_7e9=8");
    }

    [Fact]
    public void The_vehicles_own_timeout_counts_where_it_has_one()
    {
        At(0, Rpm(Engine, 2000), Rpm(Transmission, 0));
        _messages.Vehicles.Known("car7")!.OfflineAfter = TimeSpan.FromSeconds(30);
        for (var i = 1; i < 30; i++) At(i, Rpm(Transmission, 5)).Should().Be("car7: rpm_7e9=5");
        At(30, Rpm(Transmission, 6)).Should().Be("car7: rpm=6");
    }

    /// <summary>Asked every minute, each is silent for longer than the timeout; the faster one does not take the engine's place.</summary>
    [Fact]
    public void A_source_that_is_queried_seldom_is_not_replaced_by_one_that_answers_faster()
    {
        for (var minute = 0; minute < 5; minute++)
        {
            if (minute > 0) At(minute * 60, Rpm(Transmission, 0)).Should().Be("car7: rpm_7e9=0");
            At(minute * 60 + 0.02, Rpm(Engine, 2000)).Should().Be("car7: rpm=2000");
        }
    }

    [Fact]
    public void Signals_and_vehicles_have_sources_of_their_own()
    {
        At(0, Rpm(Engine, 2000));
        At(0, """{"id":2025,"data":[3,65,13,72]}""").Should().Be("car7: vehicle_speed=72");
        From("car8", 0, Rpm(Transmission, 900)).Should().Be("car8: rpm=900");
        At(0.1, """{"id":2025,"data":[6,65,12,0,0,13,72]}""").Should().Be("car7: rpm_7e9=0 vehicle_speed=72");
    }

    [Fact]
    public void A_value_under_its_control_units_name_keeps_its_unit()
    {
        var signals = new SignalCatalog();
        foreach (var (name, unit) in new[] { ("rpm_7e9", "rpm"), ("vehicle_speed_18daf118", "km/h"), ("oxy_sensor1_volt_7ea", "V"), ("rpm_7e7", null), ("7e8", null) })
        {
            signals.TryNamed(name, out var signal);
            signal!.Unit.Should().Be(unit, name);
        }
    }

    [Fact]
    public void Names_of_their_own_are_bounded_per_vehicle()
    {
        At(0, Rpm(0x18DAF100, 2000));
        for (var id = 0x18DAF101; id <= 0x18DAF1FF; id++) At(1, Rpm(id, 0));
        _messages.Counters.Rejected(Rejection.TooManySignals).Should().Be(255 - AnswerSources.MaxNamesOfOthers);
        At(2, Rpm(0x18DAF100, 2100)).Should().Be("car7: rpm=2100");
    }
}
