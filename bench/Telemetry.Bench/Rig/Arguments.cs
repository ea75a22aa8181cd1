using System.Globalization;

namespace Telemetry.Bench.Rig;

/// <summary>Arguments of a benchmark.</summary>
sealed class Arguments
{
    readonly Dictionary<string, string> _options = [];
    readonly List<string> _serverSettings = [];
    readonly Dictionary<string, string> _serverEnvironment = [];

    /// <summary>Its name.</summary>
    public string Benchmark { get; private init; } = "";

    /// <summary>True if a small size is asked for.</summary>
    public bool Smoke { get; private set; }

    /// <summary>Settings for the server, as they stand on its command line.</summary>
    public IReadOnlyList<string> ServerSettings => _serverSettings;

    /// <summary>Environment variables for the server.</summary>
    public IReadOnlyDictionary<string, string> ServerEnvironment => _serverEnvironment;

    public static Arguments Parse(string[] args)
    {
        var result = new Arguments { Benchmark = args.FirstOrDefault() ?? "" };
        for (var i = 1; i < args.Length; i++)
        {
            var parts = args[i].Split('=', 2);
            var value = parts.Length == 2 ? parts[1] : null;
            if (args[i] == "--smoke") result.Smoke = true;
            else if (parts[0].StartsWith("--env:", StringComparison.Ordinal)) result._serverEnvironment[parts[0][6..]] = value ?? "";
            else if (parts[0].Contains(':') && value is not null) result._serverSettings.Add(args[i]);
            else if (!parts[0].StartsWith("--", StringComparison.Ordinal)) throw new BenchmarkException($"{args[i]} is no option.");
            else if (value is null && i + 1 == args.Length) throw new BenchmarkException($"{args[i]} lacks its value.");
            else result._options[parts[0][2..]] = value ?? args[++i];
        }

        return result;
    }

    /// <summary>A positive number; without one, what suits the size.</summary>
    public int Number(string name, int usual, int smoke, int most = 10_000)
    {
        if (!_options.Remove(name, out var text)) return Smoke ? smoke : usual;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? number
            : throw new BenchmarkException($"--{name} is '{text}'; it takes a whole number, 1 to {most}.");
    }

    /// <summary>A text that must be given.</summary>
    public string Text(string name) => _options.Remove(name, out var text) ? text : throw new BenchmarkException($"--{name} is missing.");

    /// <summary>A text that need not be given.</summary>
    public string Text(string name, string usual) => _options.Remove(name, out var text) ? text : usual;

    /// <summary>To be called when all options have been read: what is left is none.</summary>
    public void NoMore()
    {
        if (_options.Count > 0) throw new BenchmarkException($"{Benchmark} has no option --{_options.First().Key}.");
    }
}
