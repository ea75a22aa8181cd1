using System.ComponentModel;
using System.Globalization;

namespace Telemetry.Core.Ingest;

/// <summary>How to read the topics of one kind of publisher, as it is configured; a mere text is its <see cref="Topic"/>.</summary>
[TypeConverter(typeof(FromTemplate))]
public sealed class TopicRule
{
    /// <summary>The topics' template: levels of fixed text, <c>+</c>, <c>{device}</c>, <c>{signal}</c> or, at its end, <c>{signal...}</c>.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The device whose readings these are, where the topic does not name it. Null: the default vehicle's.</summary>
    public string? Vehicle { get; init; }

    /// <summary>The signal that a bare number, or the value of <see cref="ValueKey"/>, is of, where the topic does not name it.</summary>
    public string? Signal { get; init; }

    /// <summary>The key of the payload whose text names the signal; goes with <see cref="ValueKey"/>.</summary>
    public string? SignalKey { get; init; }

    /// <summary>The one key of the payload that holds the value. Null: every key is a signal.</summary>
    public string? ValueKey { get; init; }

    /// <summary>The units that signals come in, by the signals' names, where they are not the ones of the contract.</summary>
    public Dictionary<string, string> Units { get; init; } = [];

    sealed class FromTemplate : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new TopicRule { Topic = (string)value };
    }
}
