namespace Telemetry.Tests.Support;

/// <summary>Requirements of a test. If one is missing, the test is skipped; in continuous integration it fails.</summary>
static class Require
{
    public static void That(bool present, string reason)
    {
        if (present) return;
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail($"{reason}, and CI must have it.");
        Assert.Skip(reason);
    }

    /// <summary>The path of a program, looked for where servers are installed too.</summary>
    public static string Program(params string[] names)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/usr/local/sbin"])
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => $"{version}/bin") : []);
        var found = folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        That(found is not null, $"{names[0]} is not installed");
        return found!;
    }

    /// <summary>A recorded drive; the folder stands beside the repository.</summary>
    public static string Drive(string name)
    {
        var path = Path.Combine(DriveFolder, name);
        That(File.Exists(path), $"the recorded drive {name} is not there");
        return path;
    }

    /// <summary>All recorded drives there are.</summary>
    public static IReadOnlyList<string> Drives()
    {
        That(Directory.Exists(DriveFolder), "the recorded drives are not there");
        return [.. Directory.GetFiles(DriveFolder, "*.csv").Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder of recorded trips with their manifest.</summary>
    public static string Trips()
    {
        var folder = Path.Combine(SharedFolder, "trips");
        That(File.Exists(Path.Combine(folder, "manifest.csv")), "the recorded trips are not there");
        return folder;
    }

    /// <summary>A file of the folder beside the repository that holds recordings and referees; null where it is not there.</summary>
    public static string? Shared(params string[] path) => Path.Combine([SharedFolder, .. path]) is var file && File.Exists(file) ? file : null;

    static string DriveFolder => Path.Combine(SharedFolder, "drives");

    static string SharedFolder => Path.Combine(Repository.Top, "..", "shared");
}
