using Telemetry.Core.Pids;
using Telemetry.Core.Signals;
using Telemetry.Tests.Support;

namespace Telemetry.Tests.Obd;

public class CurrentDataTests
{
    [Theory]
    [InlineData(0x04, "FF", "engine_load=100")]
    [InlineData(0x05, "00", "coolant_temperature=-40")]
    [InlineData(0x06, "80", "short_fuel_trim_bank1=0")]
    [InlineData(0x09, "00", "long_fuel_trim_bank2=-100")]
    [InlineData(0x0A, "64", "fuel_pressure=300")]
    [InlineData(0x0B, "65", "intake_mani_abs_press=101")]
    [InlineData(0x0C, "FFFF", "rpm=16383.75")]
    [InlineData(0x0D, "FF", "vehicle_speed=255")]
    [InlineData(0x0E, "7F", "timing_advance=-0.5")]
    [InlineData(0x0F, "28", "intake_air_temperature=0")]
    [InlineData(0x10, "0190", "maf_air_flow_rate=4")]
    [InlineData(0x11, "33", "throttle_position=20")]
    [InlineData(0x14, "5A80", "oxy_sensor1_volt=0.45 oxy_sensor1_stft=0")]
    [InlineData(0x14, "5AFF", "oxy_sensor1_volt=0.45")]
    [InlineData(0x1B, "FF00", "oxy_sensor8_volt=1.275 oxy_sensor8_stft=-100")]
    [InlineData(0x1F, "0E10", "time_since_eng_start=3600")]
    [InlineData(0x21, "0100", "distance_mil_on=256")]
    [InlineData(0x22, "03E8", "fuel_rail_pressure=79")]
    [InlineData(0x23, "FFFF", "fuel_rail_pressure=655350")]
    [InlineData(0x24, "80002000", "oxy_sensor1_faer=1 oxy_sensor1_volt=1")]
    [InlineData(0x2D, "FF", "egr_error=99.21875")]
    [InlineData(0x2F, "7F", "fuel_tank_level=49.80392156862745")]
    [InlineData(0x30, "FF", "warm_ups_since_code_clear=255")]
    [InlineData(0x31, "FFFF", "distance_since_code_clear=65535")]
    [InlineData(0x32, "FFFC", "evap_sys_vapor_pres=-1")]
    [InlineData(0x32, "7FFF", "evap_sys_vapor_pres=8191.75")]
    [InlineData(0x33, "5F", "abs_baro_pres=95")]
    [InlineData(0x34, "80008000", "oxy_sensor1_faer=1 oxy_sensor1_crnt=0")]
    [InlineData(0x3C, "0190", "cat_temp_bank1sens1=0")]
    [InlineData(0x42, "36C4", "control_module_voltage=14.02")]
    [InlineData(0x43, "00FF", "abs_load_value=100")]
    [InlineData(0x44, "8000", "fuel_air_cmd_equiv=1")]
    [InlineData(0x46, "1E", "ambient_air_temp=-10")]
    [InlineData(0x4E, "003C", "time_since_code_clear=60")]
    [InlineData(0x4F, "02010320", "max_faer=2 max_oxy_sens_vol=1 max_oxy_sens_crnt=3 max_int_mani_abs_pres=320")]
    [InlineData(0x50, "FF000000", "max_air_flow_maf=2550")]
    [InlineData(0x52, "FF", "ethanol_fuel_pct=100")]
    [InlineData(0x53, "7D00", "abs_evap_sys_vap_pres=160")]
    [InlineData(0x55, "8000", "short_sec_oxy_trim_bank1=0 short_sec_oxy_trim_bank3=-100")]
    [InlineData(0x59, "0B36", "fuel_rail_pressure=28700")]
    [InlineData(0x5B, "AA", "hybr_bat_pack_rem_life=66.66666666666667")]
    [InlineData(0x5C, "82", "engine_oil_temp=90")]
    [InlineData(0x5D, "6900", "fuel_injection_timing=0")]
    [InlineData(0x5E, "0014", "engine_fuel_rate=1")]
    [InlineData(0x61, "00", "demand_eng_torq_pct=-125")]
    [InlineData(0x63, "012C", "eng_ref_torq=300")]
    [InlineData(0x64, "7D7E7F8081", "eng_pct_torq_idle=0 eng_pct_torq_ep1=1 eng_pct_torq_ep2=2 eng_pct_torq_ep3=3 eng_pct_torq_ep4=4")]
    [InlineData(0x66, "0300200040", "maf_sensor_a=1 maf_sensor_b=2")]
    [InlineData(0x67, "017F00", "engine_coolant_temp1=87")]
    [InlineData(0x68, "034146", "intake_air_temp_sens1=25 intake_air_temp_sens2=30")]
    [InlineData(0x68, "01410000000000", "intake_air_temp_sens1=25")]
    [InlineData(0x68, "0341460D0D0D0D", "intake_air_temp_sens1=25 intake_air_temp_sens2=30")]
    [InlineData(0x78, "051388000017700000", "egt_bank1sens1=460 egt_bank1sens3=560")]
    [InlineData(0x79, "080000000000000FA0", "egt_bank2sens4=360")]
    [InlineData(0x7F, "010001000A0000000000000000", "engine_run_time=65546")]
    [InlineData(0x85, "0F0000000080000000FF", "nox_reagent_level=50.19607843137255")]
    [InlineData(0x9B, "080000FF", "diesel_exhaust_fluid_sensor_data=100")]
    [InlineData(0xA4, "02000BB8", "transmission_actual_gear=3")]
    [InlineData(0xA5, "01FF0000", "com_diesel_exhaust_fluid_dosing=127.5")]
    [InlineData(0x8E, "7D", "engine_friction_percent_torque=0")]
    [InlineData(0xA2, "0020", "cylinder_fuel_rate=1")]
    [InlineData(0xA6, "0012D687", "odometer=123456.7")]
    public void A_pid_gives_the_value_of_its_formula(int pid, string data, string expected) =>
        Read([0x41, (byte)pid, .. Convert.FromHexString(data)]).Should().Be(expected);

    [Fact]
    public void Several_pids_of_an_answer_are_read_past_those_of_states_until_one_is_unknown() =>
        Read(Convert.FromHexString("410C1234" + "0100000000" + "0D41" + "C2FF" + "0541")).Should().Be("rpm=1165 vehicle_speed=65");

    [Fact]
    public void An_answer_that_breaks_off_gives_what_is_whole() => Read(Convert.FromHexString("410D410C12")).Should().Be("vehicle_speed=65");

    /// <summary>Lengths as published, from a PID on.</summary>
    [Theory]
    [InlineData(0x00, "4 4 2 2 1 1 1 1 1 1 1 1 2 1 1 1")]
    [InlineData(0x10, "2 1 1 1 2 2 2 2 2 2 2 2 1 1 1 2")]
    [InlineData(0x20, "4 2 2 2 4 4 4 4 4 4 4 4 1 1 1 1")]
    [InlineData(0x30, "1 2 2 1 4 4 4 4 4 4 4 4 2 2 2 2")]
    [InlineData(0x40, "4 4 2 2 2 1 1 1 1 1 1 1 1 2 2 4")]
    [InlineData(0x50, "4 1 1 2 2 2 2 2 2 2 1 1 1 2 2 1")]
    [InlineData(0x60, "4 1 1 2 5 2 5 3 3 7 5 5 5 11 9 3")]
    [InlineData(0x70, "10 6 5 5 5 7 7 5 9 9 7 7 9 1 1 13")]
    [InlineData(0x80, "4 41 41 9 1 10 5 5 13 41 41 7 17 1 1 7")]
    [InlineData(0x90, "3 5 2 3 12")]
    [InlineData(0x98, "9 9 6 4 17 4 2 9")]
    [InlineData(0xA0, "4 9 2 9 4 4 4 4 4 4")]
    [InlineData(0xC0, "4")]
    public void An_answer_goes_on_behind_any_published_pid(int first, string lengths)
    {
        var pid = first;
        foreach (var length in lengths.Split(' ').Select(int.Parse))
        {
            foreach (var octet in new byte[] { 0x00, 0x0A })
            {
                byte[] answer = [0x41, (byte)pid, .. Enumerable.Repeat(octet, length), 0x1F, 0x0E, 0x10];
                Read(answer).Split(' ').Should().Contain("time_since_eng_start=3600", $"PID {pid:X2} has {length} bytes");
            }

            pid++;
        }
    }

    [Theory]
    [InlineData(0x68, 7)]
    [InlineData(0x6D, 6)]
    [InlineData(0x6E, 5)]
    [InlineData(0x70, 9)]
    [InlineData(0x83, 5)]
    [InlineData(0x8C, 16)]
    [InlineData(0x91, 3)]
    public void Where_two_lengths_are_published_the_one_counts_that_the_rest_agrees_with(int pid, int length) =>
        Read([0x41, (byte)pid, .. Enumerable.Repeat((byte)0xF0, length), 0x0C, 0xF1, 0xF2, 0x0C, 0xF1, 0xF2, 0x0D, 0xF3]).Should().EndWith("vehicle_speed=243");

    [Theory]
    [InlineData("057F55555555", "coolant_temperature=87")]
    [InlineData("057F00000000", "coolant_temperature=87")]
    [InlineData("057FAAAAAAAA", "coolant_temperature=87")]
    [InlineData("057FCCCCCCCC", "coolant_temperature=87")]
    [InlineData("057FFFFFFFFF", "coolant_temperature=87")]
    [InlineData("0C1234555555", "rpm=1165")]
    [InlineData("0C1234000000", "rpm=1165")]
    [InlineData("0D5555555555", "vehicle_speed=85")]
    [InlineData("0C12340D4155", "rpm=1165 vehicle_speed=65")]
    [InlineData("0C12340D41057F55555555555555", "rpm=1165 vehicle_speed=65 coolant_temperature=87")]
    [InlineData("680341465555555555", "intake_air_temp_sens1=25 intake_air_temp_sens2=30")]
    [InlineData("555555", "short_sec_oxy_trim_bank1=-33.59375 short_sec_oxy_trim_bank3=-33.59375")] // Asked for itself.
    [InlineData("0D4155800055", "vehicle_speed=65 short_sec_oxy_trim_bank1=0 short_sec_oxy_trim_bank3=-100")]
    public void What_fills_the_frame_is_no_value_though_it_counts_into_the_length(string answer, string expected) =>
        Read([0x41, .. Convert.FromHexString(answer)]).Should().Be(expected);

    /// <summary>The names that the firmware gives the same values when it decodes them itself.</summary>
    [Theory]
    [InlineData(0x04, "04-CalcEngineLoad")]
    [InlineData(0x06, "06-ShortFuelTrimBank1")]
    [InlineData(0x0A, "0A-FuelPressure")]
    [InlineData(0x0B, "0B-IntakeManiAbsPress")]
    [InlineData(0x0C, "0C-EngineRPM")]
    [InlineData(0x0F, "0F-IntakeAirTemperature")]
    [InlineData(0x10, "10-MAFAirFlowRate")]
    [InlineData(0x14, "14-OxySensor1_Volt", "14-OxySensor1_STFT")]
    [InlineData(0x1F, "1F-TimeSinceEngStart")]
    [InlineData(0x21, "21-DistanceMILOn")]
    [InlineData(0x22, "22-FuelRailPres")]
    [InlineData(0x23, "23-FuelRailGaug")]
    [InlineData(0x34, "34-OxySensor1_FAER", "34-OxySensor1_Crnt")]
    [InlineData(0x2C, "2C-CmdEGR")]
    [InlineData(0x2D, "2D-EGRError")]
    [InlineData(0x30, "30-WarmUpsSinceCodeClear")]
    [InlineData(0x32, "32-EvapSysVaporPres")]
    [InlineData(0x33, "33-AbsBaroPres")]
    [InlineData(0x3C, "3C-CatTempBank1Sens1")]
    [InlineData(0x42, "42-ControlModuleVolt")]
    [InlineData(0x43, "43-AbsLoadValue")]
    [InlineData(0x44, "44-FuelAirCmdEquiv")]
    [InlineData(0x47, "47-AbsThrottlePosB")]
    [InlineData(0x4B, "4B-AbsThrottlePosF")]
    [InlineData(0x4F, "4F-Max_FAER", "4F-Max_OxySensVol", "4F-Max_OxySensCrnt", "4F-Max_IntManiAbsPres")]
    [InlineData(0x50, "50-Max_AirFlowMAF")]
    [InlineData(0x4D, "4D-TimeRunMILOn")]
    [InlineData(0x55, "55-ShortSecOxyTrimBank1", "55-ShortSecOxyTrimBank3")]
    [InlineData(0x59, "59-FuelRailAbsPres")]
    [InlineData(0x5B, "5B-HybrBatPackRemLife")]
    [InlineData(0x5D, "5D-FuelInjectionTiming")]
    [InlineData(0x61, "61-DemandEngTorqPct")]
    [InlineData(0x64, "64-EngPctTorq_Idle", "64-EngPctTorq_EP1", "64-EngPctTorq_EP2", "64-EngPctTorq_EP3", "64-EngPctTorq_EP4")]
    [InlineData(0x66, "66-MAFSensorA", "66-MAFSensorB")]
    [InlineData(0x67, "67-EngineCoolantTemp1", "67-EngineCoolantTemp2")]
    [InlineData(0x68, "68-IntakeAirTempSens1", "68-IntakeAirTempSens2")]
    [InlineData(0x7F, "7F-EngineRunTime")]
    [InlineData(0x9B, "9B-DieselExhaustFluidSensorData")]
    [InlineData(0xA4, "A4-TransmissionActualGear")]
    [InlineData(0xA5, "A5-ComDieselExhaustFluidDosing")]
    [InlineData(0x8D, "8D-ThrottlePositionG")]
    [InlineData(0xA6, "A6-Odometer")]
    public void A_value_is_the_same_signal_whether_the_dongle_decodes_it_or_this_server(int pid, params string[] keys)
    {
        var signals = new SignalCatalog();
        PidTable.ValuesOf((byte)pid).Select(value => value.Signal).Should().Equal(keys.Select(key => signals.TryFind(key, out var signal) ? signal!.Name : null));
    }

    [Fact]
    public void No_data_of_any_pid_leave_the_range_of_the_six()
    {
        var signals = new SignalCatalog();
        for (var pid = 0; pid < 256; pid++)
        {
            foreach (var value in PidTable.ValuesOf((byte)pid))
            {
                signals.TryNamed(value.Signal, out var signal);
                foreach (var octet in new byte[] { 0x00, 0x7F, 0x80, 0xFF }) signal!.Accepts(value.In([.. Enumerable.Repeat(octet, 16)]) ?? 0).Should().BeTrue($"{signal} {octet}");
            }
        }
    }

    static string Read(byte[] answer)
    {
        var frame = string.Join(',', answer.Length < 8 ? [answer.Length, .. answer] : Array.Empty<int>());
        if (frame != "") return Values($$"""{"id":2024,"data":[{{frame}}]}""");
        var frames = new List<string> { $$"""{"id":2024,"data":[16,{{answer.Length}},{{string.Join(',', answer[..6])}}]}""" };
        for (var at = 6; at < answer.Length; at += 7) frames.Add($$"""{"id":2024,"data":[{{0x21 + (at - 6) / 7}},{{string.Join(',', answer[at..Math.Min(answer.Length, at + 7)])}}]}""");
        return Values(string.Join(',', frames));
    }

    static string Values(string frames) => new Messages().Readings("wican/x/can/rx", $$"""{"frame":[{{frames}}]}""").Replace("x: ", "");
}
