using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Core.Alerts;

namespace Telemetry.Core.Notifications;

/// <summary>A text with places such as <c>{vehicle}</c>. There is no code in it.</summary>
public sealed class NoticeTemplate
{
    readonly List<(string Text, Place Kind)> _parts = [];

    NoticeTemplate(string template, bool isJson)
    {
        var (literal, isInString) = (new StringBuilder(), false);
        for (var i = 0; i < template.Length; i++)
        {
            var end = i;
            if (template[i] == '{')
                do end++; while (end < template.Length && IsNameCharacter(template[end]));
            if (end > i + 1 && end < template.Length && template[end] == '}')
            {
                var name = template[(i + 1)..end];
                if (!AlertRuleReader.Places.Contains(name)) throw new FormatException($"has the place {{{name}}}; it takes {string.Join(", ", AlertRuleReader.Places.Select(place => $"{{{place}}}"))}");
                _parts.Add((literal.ToString(), Place.None));
                _parts.Add((name, !isJson ? Place.Text : isInString ? Place.JsonText : Place.JsonValue));
                literal.Clear();
                i = end;
                continue;
            }

            if (isInString && template[i] == '\\' && i + 1 < template.Length) literal.Append(template[i++]);
            else if (template[i] == '"') isInString = !isInString;
            literal.Append(template[i]);
        }

        _parts.Add((literal.ToString(), Place.None));
    }

    enum Place
    {
        None,
        Text,
        JsonText,
        JsonValue,
    }

    /// <summary>A template of plain text.</summary>
    /// <exception cref="FormatException">A place is unknown.</exception>
    public static NoticeTemplate Text(string template) => new(template, isJson: false);

    /// <summary>A template of JSON: values are escaped inside a string, and become a JSON value outside one.</summary>
    /// <exception cref="FormatException">A place is unknown, or it is no JSON.</exception>
    public static NoticeTemplate Json(string template)
    {
        var parsed = new NoticeTemplate(template, isJson: true);
        try
        {
            using var _ = JsonDocument.Parse(parsed.Fill(new NoticePlaces { ["priority"] = "3" }));
            return parsed;
        }
        catch (JsonException)
        {
            throw new FormatException("takes JSON");
        }
    }

    /// <summary>The text with its values.</summary>
    public string Fill(NoticePlaces places)
    {
        var text = new StringBuilder();
        foreach (var (part, kind) in _parts)
        {
            text.Append(kind switch
            {
                Place.None => part,
                Place.Text => places[part],
                Place.JsonText => JsonEncodedText.Encode(places[part], JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
                _ => JsonValue(places, part),
            });
        }

        return text.ToString();
    }

    static string JsonValue(NoticePlaces places, string place)
    {
        if (places.NumberOf(place) is { } number) return number.ToString("R", CultureInfo.InvariantCulture);
        return places[place] is { Length: > 0 } text ? $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value}\"" : "null";
    }

    static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
