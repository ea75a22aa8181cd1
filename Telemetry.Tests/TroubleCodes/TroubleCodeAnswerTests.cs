using System.Text;
using Telemetry.Core.Obd;
using Telemetry.Core.TroubleCodes;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.TroubleCodes;

/// <summary>Answers of services 03, 04, 07, 0A and 09 02 in, codes of a vehicle out.</summary>
public class TroubleCodeAnswerTests
{
    const int Engine = 0x7E8;
    const int Transmission = 0x7E9;

    readonly Messages _messages = new();

    void Receive(string payload, double seconds = 0, bool retained = false) =>
        _messages.Read("wican/car7/can/rx", Encoding.UTF8.GetBytes(payload), retained, Cars.Noon.AddSeconds(seconds)).Should().BeNull("it is no reading, and no sign of life");

    IReadOnlyList<KnownCode> Known => _messages.Vehicles.Known("car7") is { } car ? _messages.Codes.Of(car) : [];

    string Codes => string.Join(' ', Known.Select(known => $"{known.ControlUnit:x}:{known.Kind}:{known.Code}"));

    string? Vin => _messages.Vehicles.Known("car7")?.Vin;

    [Theory]
    [InlineData(0x0301, "P0301", "Cylinder 1 misfire detected")]
    [InlineData(0x0420, "P0420", "Catalyst efficiency below threshold, bank 1")]
    [InlineData(0x0A80, "P0A80", "Replace hybrid or EV battery pack")]
    [InlineData(0x2463, "P2463", "Particulate filter soot accumulation")]
    [InlineData(0x1234, "P1234", null)]
    [InlineData(0x3FFF, "P3FFF", null)]
    [InlineData(0x4035, "C0035", null)]
    [InlineData(0x9234, "B1234", null)]
    [InlineData(0xC100, "U0100", "Lost communication with engine control module A")]
    [InlineData(0xC121, "U0121", "Lost communication with anti-lock brake control module")]
    [InlineData(0xFFFF, "U3FFF", null)]
    public void Two_bytes_are_a_code(int value, string text, string? description)
    {
        var code = new TroubleCode((ushort)value);
        code.ToString().Should().Be(text);
        code.Description.Should().Be(description);
    }

    [Theory]
    [InlineData("43 01 03 01", "7e8:Stored:P0301")]
    [InlineData("47 02 01 71 C1 00", "7e8:Pending:P0171 7e8:Pending:U0100")]
    [InlineData("4A 01 04 20", "7e8:Permanent:P0420")]
    [InlineData("43 04 03 01 03 02 04 20 24 63", "7e8:Stored:P0301 7e8:Stored:P0302 7e8:Stored:P0420 7e8:Stored:P2463")] // Two frames.
    [InlineData("43 01 03 01 55 55 55", "7e8:Stored:P0301")] // Padding counted into the length.
    [InlineData("43 03 03 01 00 00 03 01", "7e8:Stored:P0301")] // Zeros are no code, and one code is one.
    [InlineData("43 00", "")]
    [InlineData("43 00 00 00 00 00 00", "")]
    public void An_answer_gives_the_codes_that_it_counts(string message, string expected)
    {
        Receive(Answers.Of(Engine, message));
        Codes.Should().Be(expected);
        _messages.Rejections.Should().BeEmpty();
    }

    [Theory]
    [InlineData("43")]
    [InlineData("43 03 03 01 03 02")] // Breaks off.
    [InlineData("43 01 03")]
    [InlineData("7F 03 11")]
    [InlineData("7F 07 78")]
    [InlineData("49 04 01 41 42 43 44")]
    public void What_is_no_whole_answer_changes_nothing(string message)
    {
        Receive(Answers.Of(Engine, "43 01 03 01"));
        Receive(Answers.Of(Engine, message), 1);
        Codes.Should().Be("7e8:Stored:P0301");
        _messages.Rejections.Should().Be("RawFrame=1");
    }

    [Fact]
    public void A_code_has_the_time_it_was_first_and_last_seen_and_goes_when_the_car_says_so()
    {
        Receive(Answers.Of(Engine, "43 02 03 01 04 20"));
        Receive(Answers.Of(Engine, "43 01 03 01"), 3600);
        Known.Should().Equal(new KnownCode(new TroubleCode(0x0301), TroubleCodeKind.Stored, Engine, Cars.Noon, Cars.Noon.AddHours(1)));
        Receive(Answers.Of(Engine, "43 00"), 3700);
        Codes.Should().BeEmpty();
        Receive(Answers.Of(Engine, "43 01 03 01"), 3800);
        Known.Single().FirstSeen.Should().Be(Cars.Noon.AddSeconds(3800), "it has come back");
    }

    [Fact]
    public void Control_units_and_kinds_have_lists_of_their_own()
    {
        Receive(Answers.Of(Engine, "43 01 03 01"));
        Receive(Answers.Of(Transmission, "43 01 07 00"));
        Receive(Answers.Of(0x18DAF118, "47 01 07 41"));
        Receive(Answers.Of(Engine, "4A 01 03 01"));
        Receive(Answers.Of(Engine, "43 00"), 1);
        Codes.Should().Be("7e9:Stored:P0700 18daf118:Pending:P0741 7e8:Permanent:P0301");
    }

    [Fact]
    public void A_tester_that_clears_leaves_the_permanent_ones()
    {
        foreach (var message in new[] { "43 01 03 01", "47 01 03 02", "4A 01 03 03" }) Receive(Answers.Of(Engine, message));
        Receive(Answers.Of(Transmission, "43 01 07 00"));
        Receive(Answers.Of(Engine, "44"), 1);
        Codes.Should().Be("7e9:Stored:P0700 7e8:Permanent:P0303");
    }

    [Fact]
    public void Answers_of_several_control_units_may_be_mixed_and_published_beside_readings()
    {
        var engine = Answers.Frames(Engine, Convert.FromHexString("43040301030204202463")).ToList();
        var transmission = Answers.Frames(Transmission, Convert.FromHexString("43030700074107C1")).ToList();
        string[] frames = [engine[0], transmission[0], """{"id":2024,"data":[3,127,1,18]}""", """{"id":2026,"data":[4,65,12,18,52]}""", transmission[1], """{"id":2016,"data":[48,0,0]}""", engine[1]];
        _messages.Readings("wican/car7/can/rx", $$"""{"frame":[{{string.Join(',', frames)}}]}""").Should().Be("car7: rpm=1165");
        Codes.Should().Be("7e8:Stored:P0301 7e8:Stored:P0302 7e8:Stored:P0420 7e9:Stored:P0700 7e9:Stored:P0741 7e9:Stored:P07C1 7e8:Stored:P2463");
    }

    [Fact]
    public void Retained_values_are_not_of_now()
    {
        Receive(Answers.Of(Engine, "43 01 03 01"), retained: true);
        Codes.Should().BeEmpty();
    }

    [Fact]
    public void Codes_are_bounded_per_vehicle()
    {
        for (var unit = 0; unit < 8; unit++)
            Receive(Answers.Of(Engine + unit, [0x43, 100, .. Enumerable.Range(1, 100).SelectMany(code => new[] { (byte)unit, (byte)code })]));
        Known.Should().HaveCount(256);
        Receive(Answers.Of(Engine, "43 00"), 1);
        Known.Should().HaveCount(156);
    }

    [Theory]
    [InlineData("1HGCM82633A004352", "1HGCM82633A004352")]
    [InlineData("\0\0\01HGCM82633A004352", "1HGCM82633A004352")]
    [InlineData("1HGCM82633A004352\0\0\0", "1HGCM82633A004352")]
    [InlineData("1HGCM82633A004352UUU", "1HGCM82633A004352")]
    [InlineData("1HGCM82633A00435", null)]
    [InlineData("1HGCM82633A0043521", null)]
    [InlineData("1HGCM82633A0O4352", null)]
    [InlineData("IHGCM82633A004352", null)]
    [InlineData("1HGCM82633Q004352", null)]
    [InlineData("1hgcm82633a004352", null)]
    [InlineData("1HGCM82633A 04352", null)]
    public void The_identification_number_has_seventeen_characters_and_no_i_o_or_q(string text, string? expected)
    {
        Receive(Answers.OfVin(text));
        Vin.Should().Be(expected);
        _messages.Rejections.Should().Be(expected is null ? "RawFrame=1" : "");
    }

    [Fact]
    public void The_lowest_control_unit_says_which_vehicle_it_is()
    {
        Receive(Answers.OfVin("WAUZZZ8K9BA000001", Transmission));
        Receive(Answers.OfVin());
        Receive(Answers.OfVin("WAUZZZ8K9BA000001", Transmission));
        Vin.Should().Be(Answers.Vin);
    }
}
