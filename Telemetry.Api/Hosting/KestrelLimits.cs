using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Telemetry.Api.Hosting;

/// <summary>With the names of ASP.NET Core.</summary>
static class KestrelLimits
{
    const string Section = "Kestrel:Limits";

    static readonly string[] Rates = [nameof(KestrelServerLimits.MinRequestBodyDataRate), nameof(KestrelServerLimits.MinResponseDataRate)];

    public static void Apply(IConfiguration configuration, KestrelServerLimits limits)
    {
        var section = configuration.GetSection(Section);
        if (!section.Exists()) return;
        foreach (var (key, value) in section.AsEnumerable().Where(pair => pair.Value is not null && !IsRate(pair.Key))) Apply(key, value, limits);
        string[] parts = [nameof(MinDataRate.BytesPerSecond), nameof(MinDataRate.GracePeriod)];
        if (Rates.SelectMany(name => section.GetSection(name).GetChildren()).FirstOrDefault(entry => !parts.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new SettingException($"Unknown setting {unknown.Path}. Valid keys of {unknown.Path[..unknown.Path.LastIndexOf(':')]}: {string.Join(" and ", parts)}.");
        limits.MinRequestBodyDataRate = Rate(section.GetSection(Rates[0]), limits.MinRequestBodyDataRate);
        limits.MinResponseDataRate = Rate(section.GetSection(Rates[1]), limits.MinResponseDataRate);
    }

    // One key at a time, so that an error can name it.
    static void Apply(string key, string? value, KestrelServerLimits limits)
    {
        try
        {
            new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build().GetSection(Section).Bind(limits, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (Exception error) when (error.GetBaseException() is ArgumentException wrong)
        {
            throw new SettingException($"{key} is '{value}'; it takes another value: {wrong.Message.Split(['\n', '('])[0].Trim().TrimEnd('.')}.");
        }
        catch (Exception error) when (error is InvalidOperationException or TargetInvocationException)
        {
            throw new SettingException(error.GetBaseException() is FormatException or OverflowException
                ? $"{key} is '{value}'; it takes a number, or a duration as hh:mm:ss."
                : $"Unknown setting {key}. Valid keys of {Section}: {string.Join(", ", typeof(KestrelServerLimits).GetProperties().Select(property => property.Name))}, as in the documentation of ASP.NET Core.");
        }
    }

    // The binder does not support this type. Zero bytes: no limit.
    static MinDataRate? Rate(IConfigurationSection section, MinDataRate? defaultRate)
    {
        if (!section.Exists()) return defaultRate;
        try
        {
            var bytes = section.GetValue(nameof(MinDataRate.BytesPerSecond), defaultRate?.BytesPerSecond ?? 0);
            return bytes == 0 ? null : new MinDataRate(bytes, section.GetValue(nameof(MinDataRate.GracePeriod), defaultRate?.GracePeriod ?? TimeSpan.FromSeconds(5)));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw new SettingException($"{section.Path} takes {nameof(MinDataRate.BytesPerSecond)}, a number from 0, and {nameof(MinDataRate.GracePeriod)}, a duration above 00:00:01.");
        }
    }

    static bool IsRate(string key) => Array.Exists(Rates, rate => key.StartsWith($"{Section}:{rate}", StringComparison.OrdinalIgnoreCase));
}
