using System.Globalization;
using System.Text;

namespace Telemetry.Bench.Pages;

/// <summary>Drives of the last days, for the page that lists them: to work and back, always the same ones.</summary>
static class PastDrives
{
    static readonly int[] Gears = [0, 12, 24, 40, 60, 82];

    /// <summary>The day before this one, with a quarter of its longest drive played.</summary>
    public static DateTime Moment => Start(1, 7.4).AddMinutes(19);

    /// <summary>As <c>POST /telemetry/import</c> takes them.</summary>
    public static string Csv(string device)
    {
        var csv = new StringBuilder("recorded_at,vehicle,signal,value\n");
        foreach (var (day, hour, minutes, most) in new[] { (1, 7.4, 34, 118), (1, 17.2, 31, 104), (2, 7.5, 26, 86), (2, 12.1, 9, 52), (2, 17.6, 29, 97), (4, 10.3, 58, 126), (5, 7.4, 27, 91) })
            Drive(csv, device, Start(day, hour), minutes * 60, most, new Random(day * 100 + minutes));
        return csv.ToString();
    }

    static DateTime Start(int daysAgo, double hour) => DateTime.UtcNow.Date.AddDays(-daysAgo).AddHours(hour);

    // Each leg has a speed that the car comes to by and by; every fourth is a red light.
    static void Drive(StringBuilder csv, string device, DateTime start, int seconds, int most, Random chance)
    {
        var (speed, wanted, left, leg, warmth) = (0.0, 0.0, 8.0, 0, 0.0);
        for (var i = 0; i <= seconds; i++, left--)
        {
            if (left <= 0)
            {
                var progress = Math.Sin(Math.PI * i / seconds);
                wanted = ++leg % 4 == 0 && progress < 0.8 ? 0 : most * (0.25 + (0.75 * progress * chance.NextDouble()));
                left = wanted == 0 ? 12 + (25 * chance.NextDouble()) : 25 + (60 * chance.NextDouble());
            }

            if (i > seconds - 15) wanted = 0;
            var push = Math.Clamp((wanted - speed) / 6, -9, 5.5);
            speed = Math.Max(0, speed + push + (speed > 5 ? chance.NextDouble() - 0.5 : 0));
            warmth += (1 - warmth) / 260;
            var gear = Array.FindLastIndex(Gears, from => speed >= from);
            var rpm = speed < 3 ? 800 + (20 * chance.NextDouble()) : 1150 + ((speed - Gears[gear]) * (110 - (gear * 15)));
            Say("vehicle_speed", Math.Round(speed));
            Say("rpm", Math.Round(rpm * 4) / 4);
            Say("engine_load", Math.Clamp(22 + (push * 11) + (speed / 5), 0, 96));
            Say("fuel_rail_pressure", 26000 + Math.Round(rpm * 4 + (Math.Max(0, push) * 2500)));
            if (i % 5 == 0) Say("coolant_temperature", Math.Round(14 + (75 * warmth) + (warmth > 0.95 ? chance.NextDouble() * 2 : 0)));
            if (i % 5 == 0) Say("control_module_voltage", 13.9 + (chance.NextDouble() / 4));

            void Say(string signal, double value) => csv.Append(CultureInfo.InvariantCulture, $"{start.AddSeconds(i):o},{device},{signal},{value:0.00}\n");
        }
    }
}
