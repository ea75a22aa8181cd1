using System.Globalization;

namespace Telemetry.Forecasts;

/// <summary>Tries the forecasts on a folder of recorded drives, in the order in which they were driven.</summary>
static class Program
{
    const string Usage = """
        usage: scripts/bench forecasts --trips FOLDER [--learn 0.6] [--every 0] [--car NAME]

          FOLDER has manifest.csv (columns car, order, started, file) and files of seconds,metric,value, plain or .gz.
          --learn   share of a car's drives that come before the first that is judged; the judged ones are learned too, after their judgement
          --every   seconds to which the readings of a signal are thinned; 0: all
          --car     only this car
        """;

    static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var options = Options(args);
            var folder = options.GetValueOrDefault("trips") ?? throw new ArgumentException(Usage);
            var learn = double.Parse(options.GetValueOrDefault("learn", "0.6"));
            var every = double.Parse(options.GetValueOrDefault("every", "0"));
            var car = options.GetValueOrDefault("car");
            var runs = Trips.Read(folder, every).Where(trips => car is null || trips.Car == car).Select(trips => CarRun.Of(trips.Car, trips.Trips, learn)).ToList();
            Console.WriteLine($"### Forecasts\n\nFirst {learn:P0} of each car's drives learned, the rest judged in order of time, each before it is learned.");
            foreach (var run in runs) Summary.Print(run);
            WarmInTable.Print(runs);
            CoolingTable.Print(runs);
            RangeTable.Print(runs);
            VoltageTable.Print(runs);
            SensorTable.Print(runs);
            return 0;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or IOException or InvalidDataException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    static Dictionary<string, string> Options(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || args[i] is not ("--trips" or "--learn" or "--every" or "--car")) throw new ArgumentException(Usage);
            options[args[i][2..]] = args[i + 1];
        }

        return options;
    }
}
