namespace Telemetry.Tests.Support;

/// <summary>The repository that the tests were built from.</summary>
static class Repository
{
    /// <summary>Its top folder.</summary>
    public static string Top
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Telemetry.sln"))) folder = folder.Parent;
            return folder.FullName;
        }
    }
}
