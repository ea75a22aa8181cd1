using System.Globalization;
using Telemetry.Api.Hosting;

namespace Telemetry.Api.Demo;

/// <summary>Reads a drive recorded as CSV: <c>seconds,metric,value</c>, in order of time.</summary>
static class CsvDrive
{
    const string Header = "seconds,metric,value";

    /// <summary>Read lazily. Throws <see cref="SettingException"/> for an invalid line.</summary>
    public static IEnumerable<Sample> Read(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (number == 1)
            {
                if (line.Trim() == Header) continue;
                throw new SettingException($"{path}: line 1 is not '{Header}'.");
            }

            if (line.Length == 0) continue;
            yield return line.Split(',') is [var seconds, { Length: > 0 } metric, var value]
                && metric.AsSpan().IndexOfAny("/+#\0") < 0 && TryNumber(seconds, out var at) && at is >= 0 and <= 1e8 && TryNumber(value, out var read)
                ? new Sample(TimeSpan.FromSeconds(at), metric, read)
                : throw new SettingException($"{path}: line {number} is not '{Header}' with two numbers: '{line}'.");
        }
    }

    static bool TryNumber(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
