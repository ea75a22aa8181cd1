using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Telemetry.Api.Hosting;

/// <summary>An invalid setting. The message is one line with the key and its valid values.</summary>
sealed class SettingException(string message) : Exception(message);

/// <summary>Name of a section that a stage has added.</summary>
sealed record SettingsSection(string Name);

/// <summary>Settings: defaults in code, overridden by configuration, validated before anything starts.</summary>
static partial class Settings
{
    // Error messages use the names of properties and the texts of their attributes.
    const DynamicallyAccessedMemberTypes Properties = DynamicallyAccessedMemberTypes.PublicProperties;

    static readonly string[] Secrets = ["Password", ":SigningKey", ":PasswordHash"];

    /// <summary>Binds a section and registers it as a singleton. <paramref name="bind"/> is written by the caller, where the compiler knows the type and generates its code. <paramref name="entry"/> is the class of the entries of its list or dictionary.</summary>
    public static T AddSettings<[DynamicallyAccessedMembers(Properties)] T>(
        this IHostApplicationBuilder builder, string section, IValidateOptions<T> validator, Func<IConfiguration, Action<BinderOptions>, T?> bind, [DynamicallyAccessedMembers(Properties)] Type? entry = null)
        where T : class, new()
    {
        var settings = Bind(builder.Configuration, section, bind, entry);
        // Defaults are valid: without a key of the section no rule is loaded.
        if (builder.Configuration.GetSection(section).Exists()) Validate<T>(builder.Configuration, section, validator.Validate(null, settings));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new SettingsSection(section));
        return settings;
    }

    static T Bind<[DynamicallyAccessedMembers(Properties)] T>(IConfiguration configuration, string section, Func<IConfiguration, Action<BinderOptions>, T?> bind, [DynamicallyAccessedMembers(Properties)] Type? entry)
        where T : class, new()
    {
        try
        {
            return bind(configuration.GetSection(section), binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException error)
        {
            // For an entry of a list, the cause is an inner exception.
            while (error.InnerException is InvalidOperationException inner) error = inner;
            throw new SettingException(Explain<T>(configuration, section, entry, error.Message));
        }
    }

    // A failure is the property, a colon, and the valid values. Generated rules of ranges do not have the text of their attribute.
    static void Validate<[DynamicallyAccessedMembers(Properties)] T>(IConfiguration configuration, string section, ValidateOptionsResult result)
    {
        if (!result.Failed) return;
        var (property, takes) = result.Failures.First().Split(": ", 2) is [var name, var rest] ? (name, rest) : ("", result.FailureMessage);
        if (takes.StartsWith("The field ", StringComparison.Ordinal)) takes = Takes(typeof(T).GetProperty(property));
        throw new SettingException(Wrong(configuration, $"{section}:{property}", takes));
    }

    static string Explain<[DynamicallyAccessedMembers(Properties)] T>(IConfiguration configuration, string section, [DynamicallyAccessedMembers(Properties)] Type? entry, string error)
    {
        if (ConversionFailure().Match(error) is { Success: true } failure)
        {
            var key = failure.Groups[1].Value;
            return Wrong(configuration, key, Takes(typeof(T).GetProperty(key[(key.LastIndexOf(':') + 1)..])));
        }

        // The error names the class and the key; only the configuration shows which entry of a list it is.
        var unknown = UnknownKey().Match(error);
        var owner = entry?.FullName == unknown.Groups[1].Value ? entry.GetProperties() : typeof(T).GetProperties();
        var path = configuration.GetSection(section).AsEnumerable().Select(pair => pair.Key).FirstOrDefault(key => key.EndsWith($":{unknown.Groups[2].Value}", StringComparison.OrdinalIgnoreCase));
        if (!unknown.Success || path is null) return $"{section} cannot be read: {error}";
        return $"Unknown setting {path}. Valid keys of {path[..path.LastIndexOf(':')]}: {string.Join(", ", owner.Where(property => property.CanWrite).Select(property => property.Name))}.";
    }

    static string Wrong(IConfiguration configuration, string key, string? takes)
    {
        var secret = Array.Exists(Secrets, name => key.EndsWith(name, StringComparison.OrdinalIgnoreCase)) || configuration[key] is null;
        return secret ? $"{key} {takes}." : $"{key} is '{configuration[key]}'; it {takes}.";
    }

    static string? Takes(PropertyInfo? property) => property?.GetCustomAttribute<ValidationAttribute>()?.ErrorMessage
        ?? (property?.PropertyType == typeof(bool) ? "takes true or false" : $"takes a {property?.PropertyType.Name}");

    [GeneratedRegex("at '([^']+)' to type")]
    private static partial Regex ConversionFailure();

    [GeneratedRegex("instance of ([^:]*): '([^']+)'")]
    private static partial Regex UnknownKey();
}
