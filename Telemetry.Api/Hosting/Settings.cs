using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Telemetry.Api.Hosting;

/// <summary>An invalid setting. The message is one line with the key and its valid values.</summary>
sealed class SettingException(string message) : Exception(message);

/// <summary>Settings classes: defaults in code, overridden by configuration, validated before anything starts.</summary>
static partial class Settings
{
    static readonly string[] Secrets = ["Password", ":SigningKey", ":PasswordHash"];

    /// <summary>Binds a section and registers it as a singleton.</summary>
    /// <exception cref="SettingException">A key is unknown, or its value is invalid.</exception>
    public static T AddSettings<T, TValidator>(this IHostApplicationBuilder builder, string section) where T : class, new() where TValidator : IValidateOptions<T>, new()
    {
        var settings = Bind<T>(builder.Configuration, section);
        // Defaults are valid: without a key of the section no rule is loaded.
        if (builder.Configuration.GetSection(section).Exists()) Validate<T>(builder.Configuration, section, new TValidator().Validate(null, settings));
        builder.Services.AddSingleton(settings);
        return settings;
    }

    static T Bind<T>(IConfiguration configuration, string section) where T : class, new()
    {
        T settings;
        try
        {
            settings = configuration.GetSection(section).Get<T>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException error)
        {
            // For an entry of a list, the cause is an inner exception.
            while (error.InnerException is InvalidOperationException inner) error = inner;
            throw new SettingException(Explain<T>(configuration, section, error.Message));
        }

        return settings;
    }

    // A failure is the property, a colon, and what it takes. Generated rules of ranges do not have the text of their attribute.
    static void Validate<T>(IConfiguration configuration, string section, ValidateOptionsResult result)
    {
        if (!result.Failed) return;
        var (property, takes) = result.Failures.First().Split(": ", 2) is [var name, var rest] ? (name, rest) : ("", result.FailureMessage);
        if (takes.StartsWith("The field ", StringComparison.Ordinal)) takes = Takes(typeof(T).GetProperty(property));
        throw new SettingException(Wrong(configuration, $"{section}:{property}", takes));
    }

    static string Explain<T>(IConfiguration configuration, string section, string error)
    {
        if (ConversionFailure().Match(error) is { Success: true } failure)
        {
            var key = failure.Groups[1].Value;
            return Wrong(configuration, key, Takes(typeof(T).GetProperty(key[(key.LastIndexOf(':') + 1)..])));
        }

        // The error names the class and the key; only the configuration shows which entry of a list it is.
        var unknown = UnknownKey().Match(error);
        var owner = typeof(T).GetProperties().SelectMany(property => property.PropertyType.GenericTypeArguments).FirstOrDefault(type => type.FullName == unknown.Groups[1].Value) ?? typeof(T);
        var path = configuration.GetSection(section).AsEnumerable().Select(pair => pair.Key).FirstOrDefault(key => key.EndsWith($":{unknown.Groups[2].Value}", StringComparison.OrdinalIgnoreCase));
        if (!unknown.Success || path is null) return $"{section} cannot be read: {error}";
        return $"Unknown setting {path}. Valid keys of {path[..path.LastIndexOf(':')]}: {string.Join(", ", owner.GetProperties().Where(property => property.CanWrite).Select(property => property.Name))}.";
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
