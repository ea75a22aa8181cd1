using Telemetry.Api.Http;
using Telemetry.Core.Logs;

namespace Telemetry.Api.History;

/// <summary>Options of an import for values that the file itself may lack.</summary>
sealed record ImportQuery(string? Device, TimeValue? Start, TimeZoneInfo Zone, bool IsDryRun) : IRequestPart<ImportQuery>
{
    const string StartTakes = "a time such as 2026-11-23T10:00:00Z, or a date";

    static readonly Text VehicleName = new("vehicle", "Device name of the vehicle of a log; without it the default vehicle. A file with vehicles of its own keeps them") { Examples = ["car7"], Takes = "a device name of 1 to 64 characters" };
    static readonly Text StartTime = new("start", "Beginning of a log whose times have no date") { Examples = ["2026-11-23T10:00:00Z", "2026-11-23"], Takes = StartTakes };
    static readonly Text ZoneName = new("zone", "Time zone of times without one; without it UTC") { Examples = ["+02:00", "Europe/Berlin"], Takes = LogZone.Takes };
    static readonly Flag DryRun = new("dry_run", "Shows what would be taken, and stores nothing");

    public static IReadOnlyList<Parameter> Parameters => [VehicleName, StartTime, ZoneName, DryRun];

    public static ImportQuery Read(HttpContext http)
    {
        var device = VehicleName.Read(http);
        if (device is not null && !ReadingsFile.IsDevice(device)) throw VehicleName.Wrong("");
        return new ImportQuery(device, ReadStart(http), ReadZone(http), DryRun.Read(http));
    }

    public static TimeValue ParseStart(string text) =>
        TimeText.TryParse(text, null, out var start) && start.Kind is TimeKind.Instant or TimeKind.Local or TimeKind.Date ? start : throw new FormatException($"takes {StartTakes}.");

    static TimeValue? ReadStart(HttpContext http)
    {
        if (StartTime.Read(http) is not { } text) return null;
        try
        {
            // An unescaped + arrives as a space. Only a time zone contains one, after the seconds.
            var plus = text.LastIndexOf(' ');
            return ParseStart(plus > text.IndexOf(':') && text.Contains(':') && plus < text.Length - 1 && char.IsAsciiDigit(text[plus + 1]) ? $"{text[..plus]}+{text[(plus + 1)..]}" : text);
        }
        catch (FormatException)
        {
            throw StartTime.Wrong("");
        }
    }

    static TimeZoneInfo ReadZone(HttpContext http)
    {
        if (ZoneName.Read(http) is not { } text) return TimeZoneInfo.Utc;
        return LogZone.TryParse(text.StartsWith(' ') ? $"+{text[1..]}" : text, out var zone) ? zone : throw ZoneName.Wrong("");
    }
}
