namespace Telemetry.Api.Hosting;

/// <summary>A setting that is a list of texts, or one text with all of them.</summary>
static class TextList
{
    /// <param name="key">Key of the setting.</param>
    /// <param name="separators">Between the entries of one text.</param>
    /// <param name="defaultText">Text of a setting that is not given.</param>
    public static IReadOnlyList<string> Read(IConfiguration configuration, string key, char[] separators, string defaultText = "")
    {
        var section = configuration.GetSection(key);
        var entries = section.GetChildren().Select(entry => entry.Value).OfType<string>().ToList();
        return entries.Count > 0 ? entries : (section.Value ?? defaultText).Split(separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
