using System.Text.Json;

namespace Telemetry.Core.Alerts;

/// <summary>Texts that every store takes. PostgreSQL refuses a NUL and half a surrogate pair.</summary>
public static class StorableText
{
    /// <summary>The text of a JSON string; null where it has a control character or half a surrogate pair.</summary>
    /// <param name="json">A JSON string.</param>
    /// <param name="mayBreakLines">True: it may have line breaks and tabs.</param>
    public static string? Of(JsonElement json, bool mayBreakLines = false)
    {
        try
        {
            return json.GetString() is { } text && !text.Any(c => char.IsControl(c) && !(mayBreakLines && c is ('\n' or '\r' or '\t'))) ? text : null;
        }
        catch (InvalidOperationException) // Half a surrogate pair in an escape.
        {
            return null;
        }
    }
}
