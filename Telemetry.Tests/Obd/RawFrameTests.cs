using Telemetry.Tests.Support;

namespace Telemetry.Tests.Obd;

/// <summary>CAN frames in, readings out.</summary>
public class RawFrameTests
{
    const string Topic = "wican/car7/can/rx";
    const int Engine = 0x7E8;
    const int Transmission = 0x7E9;

    readonly Messages _messages = new();

    static string Frame(int id, params int[] data) => Frame(id, false, data);

    static string Frame(int id, bool extended, params int[] data) =>
        $$"""{"id":{{id}},"dlc":{{data.Length}},"rtr":false,"extd":{{(extended ? "true" : "false")}},"data":[{{string.Join(',', data)}}]}""";

    string Read(params string[] frames) => ReadAt(0, frames);

    string ReadAt(double seconds, params string[] frames) =>
        _messages.Readings(Topic, $$"""{"bus":"0","type":"rx","ts":34610,"frame":[{{string.Join(',', frames)}}]}""", Cars.Noon.AddSeconds(seconds));

    [Fact]
    public void Several_frames_of_a_message_are_read_in_their_order() =>
        Read(Frame(Engine, 4, 0x41, 0x0C, 18, 52), Frame(Engine, 3, 0x41, 0x0D, 65), Frame(Transmission, 3, 0x41, 0x05, 127)).Should().Be("car7: rpm=1165 vehicle_speed=65 coolant_temperature=87");

    [Fact]
    public void Identifiers_of_29_bits_answer_too() =>
        Read(Frame(0x18DAF110, true, 4, 0x41, 0x0C, 18, 52, 0xAA)).Should().Be("car7: rpm=1165");

    [Theory]
    [InlineData(0x7E7, false)]
    [InlineData(0x7F0, false)]
    [InlineData(0x7E8, true)]
    [InlineData(0x18DAF110, false)]
    [InlineData(0x18DAF210, true)]
    public void Other_identifiers_are_no_answers(int id, bool extended)
    {
        Read(Frame(id, extended, 4, 0x41, 0x0C, 18, 52)).Should().Be("nothing");
        _messages.Rejections.Should().Be("RawFrame=1");
    }

    [Fact]
    public void What_stands_beside_an_answer_does_not_matter() =>
        Read(Frame(291, 1, 2, 3, 4, 5, 6, 7, 8), Frame(Engine, 0x7F, 0x01, 0x12), Frame(Engine, 4, 0x41, 0x0C, 18, 52)).Should().Be("car7: rpm=1165");

    [Theory]
    [InlineData("""{"id":2024,"data":[4,65,12,18]}""")] // Says four bytes, holds three.
    [InlineData("""{"id":2024,"dlc":2,"data":[4,65,12,18,52]}""")]
    [InlineData("""{"id":2024,"dlc":8,"rtr":true,"data":[4,65,12,18,52]}""")]
    [InlineData("""{"id":2024,"data":[4,65,12,18,256]}""")]
    [InlineData("""{"id":2024,"data":[4,65,12,18,-1]}""")]
    [InlineData("""{"id":2024,"data":[4,65,12,"18",52]}""")]
    [InlineData("""{"id":2024,"data":[4,65,12,[18],52]}""")]
    [InlineData("""{"id":2024,"data":[4,65,12,18,52,0,0,0,0]}""")]
    [InlineData("""{"id":"2024","data":[4,65,12,18,52]}""")]
    [InlineData("""{"id":2024,"data":[]}""")]
    [InlineData("""{"id":2024}""")]
    [InlineData("""{"data":[4,65,12,18,52]}""")]
    [InlineData("""{"id":2024,"data":[3,127,1,18]}""")] // A refusal.
    [InlineData("""{"id":2024,"data":[4,66,12,18,52]}""")] // Service 02.
    [InlineData("""{"id":2024,"data":[3,65,3,2]}""")] // A PID of states.
    [InlineData("[4,65,12,18,52]")]
    [InlineData("null")]
    public void Frames_that_hold_no_value_are_counted(string frame)
    {
        Read(frame).Should().Be("nothing");
        _messages.Rejections.Should().Be("RawFrame=1");
    }

    [Fact]
    public void An_answer_of_several_frames_is_put_together()
    {
        // 0C, 0D and 05 in one answer of eight bytes; then the odometer in a PID that WiCAN polls alone.
        Read(Frame(Engine, 0x10, 8, 0x41, 0x0C, 18, 52, 0x0D, 65), Frame(Engine, 0x21, 0x05, 127, 0, 0, 0, 0, 0))
            .Should().Be("car7: rpm=1165 vehicle_speed=65 coolant_temperature=87");
        Read(Frame(Engine, 6, 0x41, 0xA6, 0x00, 0x12, 0xD6, 0x87)).Should().Be("car7: odometer=123456.7");
    }

    [Fact]
    public void Its_frames_may_come_in_several_messages_and_among_those_of_others()
    {
        Read(Frame(Engine, 0x10, 8, 0x41, 0x0C, 18, 52, 0x0D, 65), Frame(Transmission, 0x10, 8, 0x41, 0x0C, 18, 56, 0x0D, 66)).Should().Be("nothing");
        ReadAt(0.5, Frame(Transmission, 0x21, 0x05, 128)).Should().Be("car7: rpm=1166 vehicle_speed=66 coolant_temperature=88");
        _messages.Readings("wican/other/can/rx", $$"""{"frame":[{{Frame(Engine, 0x21, 0x05, 127)}}]}""").Should().Be("nothing");
        ReadAt(0.9, Frame(Engine, 0x21, 0x05, 127)).Should().Be("car7: rpm=1165 vehicle_speed=65 coolant_temperature=87");
    }

    [Fact]
    public void Many_frames_count_from_fifteen_on_from_zero()
    {
        var answer = new List<int> { 0x41 };
        for (var i = 0; i < 40; i++) answer.AddRange([0x0C, i, 0]);
        var frames = new List<string> { Frame(Engine, [0x10, answer.Count, .. answer.Take(6)]) };
        for (var (at, next) = (6, 1); at < answer.Count; at += 7, next++) frames.Add(Frame(Engine, [0x20 | (next & 0xF), .. answer.Skip(at).Take(7)]));
        frames.Count.Should().BeGreaterThan(17);
        Read([.. frames]).Should().Be("car7: " + string.Join(' ', Enumerable.Range(0, 40).Select(i => $"rpm={i * 64}")));
    }

    [Fact]
    public void A_lost_frame_or_a_long_wait_costs_that_answer_and_no_other()
    {
        Read(Frame(Engine, 0x10, 20, 0x41, 0x0C, 18, 52, 0x0D, 65), Frame(Engine, 0x22, 0x05, 127)).Should().Be("nothing");
        Read(Frame(Engine, 0x21, 0x05, 127)).Should().Be("nothing");
        ReadAt(10, Frame(Engine, 0x10, 8, 0x41, 0x0C, 18, 52, 0x0D, 65)).Should().Be("nothing");
        ReadAt(11.1, Frame(Engine, 0x21, 0x05, 127)).Should().Be("nothing");
        ReadAt(12, Frame(Engine, 4, 0x41, 0x0C, 18, 52)).Should().Be("car7: rpm=1165");
    }

    [Theory]
    [InlineData(5)] // Two bytes are missing in the middle.
    [InlineData(0)]
    public void A_frame_cut_short_in_the_middle_shifts_nothing(int dlc)
    {
        var cut = Frame(Engine, 0x21, 0x05, 127, 0x42, 0x36, 0xC4, 0x0B, 101).Replace("\"dlc\":8", $"\"dlc\":{dlc}");
        Read(Frame(Engine, 0x10, 15, 0x41, 0x0C, 18, 52, 0x0D, 65), cut, Frame(Engine, 0x22, 0x0F, 60, 0x0D, 65)).Should().Be("nothing");
        Read(Frame(Engine, 4, 0x41, 0x0C, 18, 52)).Should().Be("car7: rpm=1165");
    }

    [Fact]
    public void Refusals_and_the_testers_flow_control_disturb_no_answer_under_way() =>
        Read(Frame(Engine, 0x10, 8, 0x41, 0x0C, 18, 52, 0x0D, 65), Frame(0x7E0, 0x30, 0, 0), Frame(Transmission, 0x30, 0, 0), Frame(Transmission, 3, 0x7F, 0x01, 0x12), Frame(Engine, 3, 0x7F, 0x01, 0x78), Frame(Engine, 0x21, 0x05, 127))
            .Should().Be("car7: rpm=1165 vehicle_speed=65 coolant_temperature=87");

    [Fact]
    public void Answers_that_never_end_are_bounded()
    {
        for (var i = 0; i < 5000; i++)
            _messages.Readings($"wican/car{i}/can/rx", $$"""{"frame":[{{Frame(Engine, 0x10, 200, 0x41, 0x0C, 18, 52, 0x0D, 65)}}]}""");
        Read(Frame(Engine, 0x10, 8, 0x41, 0x0C, 18, 52, 0x0D, 65), Frame(Engine, 0x21, 0x05, 127)).Should().Be("nothing", "there is no room");
        ReadAt(2, Frame(Engine, 0x10, 8, 0x41, 0x0C, 18, 52, 0x0D, 65), Frame(Engine, 0x21, 0x05, 127)).Should().StartWith("car7: rpm=1165");
    }

    [Fact]
    public void A_message_that_breaks_off_is_dropped_whole()
    {
        _messages.Readings(Topic, """{"frame":[{"id":2024,"data":[4,65,12,18,52]}],"ts":""").Should().Be("nothing");
        _messages.Rejections.Should().Be("InvalidJson=1");
    }
}
