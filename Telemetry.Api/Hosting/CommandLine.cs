using System.Globalization;

namespace Telemetry.Api.Hosting;

/// <summary>The program's own arguments; <paramref name="Configuration"/> has the others, such as <c>--Mqtt:Host=broker</c> or <c>--urls</c>. Without a device, the default vehicle is used.</summary>
sealed record CommandLine(bool Demo, string? ReplayFile, double Speed, string? Device, ImportArguments Import, bool HashPassword, bool Help, bool Version, bool CheckSetup, bool AskHealth, string[] Configuration)
{
    /// <summary>Connection string of the database that the SQLite store is copied to; null: none.</summary>
    public string? MigrateTo { get; init; }

    const double MaxSpeed = 1000;

    public static CommandLine Parse(string[] args)
    {
        var result = new CommandLine(false, null, 1, null, ImportArguments.None, false, false, false, false, false, []);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, inline) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (result.WithFlag(name) is { } flagged)
            {
                if (inline is not null) throw new SettingException($"{name} takes no value.");
                result = flagged;
                continue;
            }

            var takes = TakesOf(name) ?? throw new SettingException($"Unknown argument '{name}'. See --help.");
            var isNext = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            result = result.With(name, inline ?? (isNext ? args[++i] : throw new SettingException($"{name} takes {takes}.")));
        }

        result.Check();
        return result;
    }

    // Null for a name that takes a value.
    CommandLine? WithFlag(string name) => name switch
    {
        "--demo" => this with { Demo = true },
        "--help" or "-h" => this with { Help = true },
        "--version" => this with { Version = true },
        "--hash-password" => this with { HashPassword = true },
        "--dry-run" => this with { Import = Import with { IsDryRun = true } },
        "--check" => this with { CheckSetup = true },
        "--health" => this with { AskHealth = true },
        _ => null,
    };

    // Null for a name that takes none.
    static string? TakesOf(string name) => name switch
    {
        "--replay" => "a CSV file of seconds,metric,value",
        "--import" => "a CSV file: an export, or the log of a phone app",
        "--start" => "a time such as 2026-11-23T10:00:00Z",
        "--zone" => "an offset such as +02:00, or a time zone",
        "--migrate-to" => "the connection string of a PostgreSQL database",
        "--speed" => SpeedTakes,
        "--vehicle" => DeviceTakes,
        ['-', '-', .. var key] when IsConfiguration(key) => $"a value, as {name}=value",
        _ => null,
    };

    CommandLine With(string name, string value) => name switch
    {
        "--replay" => this with { ReplayFile = value },
        "--import" => this with { Import = Import with { File = value } },
        "--start" => this with { Import = Import with { Start = value } },
        "--zone" => this with { Import = Import with { Zone = value } },
        "--migrate-to" => this with { MigrateTo = value },
        "--speed" => this with { Speed = ParseSpeed(value) },
        "--vehicle" => this with { Device = ParseDevice(value) },
        _ => this with { Configuration = [.. Configuration, $"{name}={value}"] },
    };

    void Check()
    {
        if (Demo && ReplayFile is not null) throw new SettingException("--demo and --replay exclude each other.");
        if (ReplayFile is { } file && !File.Exists(file)) throw new SettingException($"--replay: file '{file}' does not exist.");
        if (Import.File is { } import && !File.Exists(import)) throw new SettingException($"--import: file '{import}' does not exist.");
        if (Import is { File: null } && Import != ImportArguments.None) throw new SettingException("--start, --zone and --dry-run require --import.");
        if (!Demo && ReplayFile is null && (Speed != 1 || (Device is not null && Import.File is null))) throw new SettingException("--speed and --vehicle require --demo or --replay.");
    }

    public const string HelpText = """
        Without arguments the server starts: pages and API on http://localhost:8000, an MQTT broker on 127.0.0.1:1883.

          --demo               simulates three driving cars, with two weeks of drives before
          --replay FILE        publishes a recorded drive (CSV of seconds,metric,value)
          --speed N            with --demo or --replay: N times real time
          --vehicle DEVICE     with --demo, --replay or --import: device name of the vehicle
          --import FILE        imports an export, or the log of a phone app (Torque, Car Scanner, OBD Fusion, other CSV), and exits
          --start TIME         with --import: beginning of a log whose times have no date
          --zone ZONE          with --import: time zone of times without one, such as Europe/Berlin (default: UTC)
          --dry-run            with --import: shows what would be imported
          --migrate-to STRING  copies the SQLite store into the PostgreSQL database of a connection string, and exits
          --check              checks the settings, the broker and the store, says what is wrong, and exits
          --health             asks the running server whether it is healthy: exit code 0 or 1
          --hash-password      reads a password and prints its hash for Auth:PasswordHash
          -h, --help           prints this help
          --version            prints the version
          --Section:Key=value  any setting, such as --Mqtt:Host=broker or --Urls=http://localhost:9000; see docs/settings.md
        """;

    // Sections of the framework; each stage adds its own with its settings.
    static readonly string[] Sections = ["ConnectionStrings", "Kestrel", "Logging", "AllowedOrigins", "AllowedHosts", "TrustedProxies"];

    static readonly string[] Values = ["AllowedOrigins", "AllowedHosts", "TrustedProxies", "Urls", "Environment", "ContentRoot", "ApplicationName"];

    static bool IsConfiguration(string name) => name.Split(':') is [not "", _, ..] || Values.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="SettingException">An argument is a setting of a section that no stage has.</exception>
    public void CheckSections(IEnumerable<SettingsSection> added)
    {
        var sections = added.Select(section => section.Name).Concat(Sections).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Configuration.Select(setting => setting.Split('=')[0]).Where(name => name.Contains(':') && !sections.Contains(name[2..name.IndexOf(':')])))
            throw new SettingException($"Unknown argument '{name}'. See --help.");
    }

    static readonly string SpeedTakes = $"a number above 0 and up to {MaxSpeed}";
    const string DeviceTakes = "a device name without / + # and control characters";

    static double ParseSpeed(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= MaxSpeed
            ? speed
            : throw new SettingException($"--speed is '{text}'; it takes {SpeedTakes}.");

    static string ParseDevice(string text) => text.Length is > 0 and <= 64 && text.AsSpan().IndexOfAny("/+#") < 0 && !text.Any(char.IsControl)
        ? text
        : throw new SettingException($"--vehicle is '{text}'; it takes {DeviceTakes}.");
}

/// <summary>Arguments of an import; without a file there is none. Start and zone are for times without date or zone.</summary>
sealed record ImportArguments(string? File, string? Start, string? Zone, bool IsDryRun)
{
    public static readonly ImportArguments None = new(null, null, null, false);
}
