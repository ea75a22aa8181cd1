using System.ComponentModel;
using System.Globalization;

namespace Telemetry.Core.Ingest;

/// <summary>Configured rule for the topics of one kind of publisher; a plain string is its <see cref="Topic"/>.</summary>
[TypeConverter(typeof(FromTemplate))]
public sealed class TopicRule
{
    /// <summary>Template of the topics: levels of fixed text, <c>+</c>, <c>{device}</c>, <c>{signal}</c> or, at the end, <c>{signal...}</c>.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Device of the readings, if the topic does not name it. Null: the default vehicle's.</summary>
    public string? Vehicle { get; init; }

    /// <summary>Signal of a bare number or of the value of <see cref="ValueKey"/>, if the topic does not name it.</summary>
    public string? Signal { get; init; }

    /// <summary>Key of the payload whose text names the signal; requires <see cref="ValueKey"/>.</summary>
    public string? SignalKey { get; init; }

    /// <summary>The one key of the payload that contains the value. Null: every key is a signal.</summary>
    public string? ValueKey { get; init; }

    /// <summary>Units of incoming values, by signal name, where they are not those of the contract.</summary>
    public Dictionary<string, string> Units { get; init; } = [];

    sealed class FromTemplate : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new TopicRule { Topic = (string)value };
    }
}
