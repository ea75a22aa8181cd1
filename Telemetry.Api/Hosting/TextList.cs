namespace Telemetry.Api.Hosting;

/// <summary>Setting that is a list of texts, or one text with all of them.</summary>
static class TextList
{
    public static IReadOnlyList<string> Read(IConfiguration configuration, string key, char[] separators, string defaultText = "")
    {
        var section = configuration.GetSection(key);
        var entries = section.GetChildren().Select(entry => entry.Value).OfType<string>().ToList();
        return entries.Count > 0 ? entries : (section.Value ?? defaultText).Split(separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
