using System.Globalization;
using Telemetry.Core.Ingest;

namespace Telemetry.Tests.Replay;

/// <summary>A recorded drive: its readings, and the units that it was logged in.</summary>
sealed record Drive(IReadOnlyList<Said> Log, bool IsMiles)
{
    /// <summary>The electric car was logged in miles an hour, and its charge in ten thousandths: a rule makes km/h and percent of them.</summary>
    public static readonly TopicRule Rule = new() { Topic = "log/{device}/{signal}", Units = { ["vehicle_speed"] = "mph", ["ambient"] = "fahrenheit", ["soc"] = "0.0001" } };

    /// <summary>The drive's values as the rule converts them, for a referee.</summary>
    public Func<string, double, double> Scale => (metric, value) => (IsMiles, metric) switch
    {
        (true, "vehicle_speed") => value * 1.609344,
        (true, "soc") => value * 0.0001,
        (true, "ambient") => (value - 32) * 5 / 9,
        _ => value,
    };

    public static Drive Read(string path)
    {
        var log = new List<Said>();
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = line.Split(',');
            log.Add(new Said(TimeSpan.FromTicks((long)(decimal.Parse(fields[0], CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)), Kind.Readings, (fields[1], fields[2])));
        }

        return new Drive(log, log.Exists(said => said.Values[0].Metric == "gids"));
    }

    /// <summary>The topic and payload of a message, as the device would publish it.</summary>
    public (string Topic, string Payload) Message(string device, Said said)
    {
        var prefix = device == "default" ? "wican" : IsMiles ? $"log/{device}" : $"wican/{device}";
        return said switch
        {
            { Kind: Kind.Will } => ($"wican/{device}/can/status", """{"status":"offline"}"""),
            { Values: [var (metric, text)] } => ($"{prefix}/{metric}", text),
            _ => ($"{prefix}/all", $"{{{string.Join(',', said.Values.Select(value => $"\"{value.Metric}\":{value.Text}"))}}}"),
        };
    }
}
