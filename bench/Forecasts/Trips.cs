using System.Globalization;
using System.IO.Compression;
using Telemetry.Core.Forecasts;

namespace Telemetry.Forecasts;

/// <summary>A drive of a manifest.</summary>
sealed record Trip(string Car, int Order, string Started, IReadOnlyList<TripReading> Readings)
{
    /// <summary>Passes the drive's rows on, in order.</summary>
    public void Replay(Action<DriveRow> onRow)
    {
        var sampler = new DriveSampler(onRow);
        foreach (var reading in Readings) sampler.Add(reading.Seconds, reading.Input, reading.Value);
    }
}

/// <summary>A reading of a drive, in seconds since its start.</summary>
readonly record struct TripReading(double Seconds, ForecastInput Input, double Value);

/// <summary>Reads a folder of trips: <c>manifest.csv</c> (car, order, started, file) and files of <c>seconds,metric,value</c>.</summary>
static class Trips
{
    /// <summary>Drives by car, in the order in which they were driven.</summary>
    /// <param name="folder">Folder with the manifest.</param>
    /// <param name="everySeconds">Readings of a signal are thinned to this distance; zero: all.</param>
    public static IEnumerable<(string Car, IReadOnlyList<Trip> Trips)> Read(string folder, double everySeconds)
    {
        var lines = File.ReadLines(Path.Combine(folder, "manifest.csv")).ToArray();
        var columns = lines[0].Split(',');
        int Column(string name) => Array.IndexOf(columns, name) is >= 0 and var index ? index : throw new InvalidDataException($"manifest.csv has no column {name}.");
        int car = Column("car"), order = Column("order"), started = Column("started"), file = Column("file");
        return lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))
            .GroupBy(cells => cells[car])
            .Select(group => (group.Key, (IReadOnlyList<Trip>)[.. group
                .OrderBy(cells => int.Parse(cells[order], CultureInfo.InvariantCulture))
                .Select(cells => new Trip(group.Key, int.Parse(cells[order], CultureInfo.InvariantCulture), cells[started], Readings(Path.Combine(folder, cells[file]), everySeconds)))]));
    }

    static List<TripReading> Readings(string path, double everySeconds)
    {
        using var raw = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var readings = new List<TripReading>();
        var next = new double[ForecastInputs.Count];
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            if (ForecastInputs.Of(cells[1]) is not { } input || !double.TryParse(cells[2], CultureInfo.InvariantCulture, out var value)) continue;
            var seconds = double.Parse(cells[0], CultureInfo.InvariantCulture);
            if (seconds < next[(int)input]) continue;
            if (everySeconds > 0) next[(int)input] = (Math.Floor(seconds / everySeconds) + 1) * everySeconds;
            readings.Add(new TripReading(seconds, input, value));
        }

        return readings;
    }
}
