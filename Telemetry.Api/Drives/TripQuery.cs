using System.Globalization;
using Telemetry.Api.Access;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;
using Telemetry.Core.Logs;
using Telemetry.Core.Trips;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Drives;

/// <summary>Vehicles that the viewer may see, in ascending order of their ids; all if the parameter is missing.</summary>
sealed record TripVehicles(IReadOnlyList<Vehicle> Vehicles) : IRequestPart<TripVehicles>
{
    public const int Max = 100;

    const string Name = "vehicle_id";

    public static IReadOnlyList<Parameter> Parameters => VehicleIds.Parameters;

    public static IReadOnlyList<int> Problems => [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound];

    public static TripVehicles Read(HttpContext http)
    {
        var registry = http.RequestServices.GetRequiredService<VehicleRegistry>();
        var vehicles = VehicleIds.Read(http).Ids is { } ids ? [.. ids.Select(id => VehicleQuery.Find(http, id, Name))]
            : http.Viewer() is { VehicleIds: not null } viewer ? viewer.Vehicles(registry).ToList()
            : registry.Page(Max + 1, 0).ToList();
        return vehicles.Count <= Max ? new TripVehicles(vehicles) : throw new ProblemException($"{Name} takes ids of at most {Max} vehicles, separated by commas.", Name);
    }
}

/// <summary>Range in which drives start, and the zone of their local dates. A date as a bound is a local one.</summary>
sealed record TripRange(DateTime From, DateTime To, TimeZoneInfo Zone) : IRequestPart<TripRange>
{
    public const int MaxDays = 367;

    const string DateFormat = "yyyy-MM-dd";

    static readonly RangeLimits Limits = new(DefaultDays: 31, MaxDays, "31 days");
    static readonly Text ZoneName = new("zone", "Time zone of days, weeks, months, and of bounds that are dates; without it UTC") { Examples = ["Europe/Berlin", "+02:00"], Takes = LogZone.Takes };

    public static IReadOnlyList<Parameter> Parameters => [.. Limits.Parameters, ZoneName];

    public static TripRange Read(HttpContext http)
    {
        var zone = ReadZone(http);
        var to = ReadBound(Limits.To, http, zone) ?? DateTime.UtcNow;
        var range = TimeRange.Of(ReadBound(Limits.From, http, zone) ?? to.AddDays(-Limits.DefaultDays), to, Limits);
        return new TripRange(range.From, range.To, zone);
    }

    static DateTime? ReadBound(Text parameter, HttpContext http, TimeZoneInfo zone)
    {
        if (TimeRange.Read(parameter, http) is not { } time) return null;
        return DateTime.TryParseExact(parameter.Read(http), DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? TripDates.Midnight(DateOnly.FromDateTime(date), zone) : time;
    }

    static TimeZoneInfo ReadZone(HttpContext http)
    {
        if (ZoneName.Read(http) is not { } text) return TimeZoneInfo.Utc;
        // An unescaped + arrives as a space.
        return LogZone.TryParse(text.StartsWith(' ') ? $"+{text[1..]}" : text, out var zone) ? zone : throw ZoneName.Wrong("");
    }
}

/// <summary>Grouping of totals.</summary>
sealed record TripGrouping(string Name) : IRequestPart<TripGrouping>
{
    static readonly Choice Parameter = new("by", "One group of totals for each of these that has a drive", "day", "week", "month", "vehicle", "tag");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static TripGrouping Read(HttpContext http) => new(Parameter.Read(http));

    public TripGroup GroupOf(VehicleTrip trip, TimeZoneInfo zone) => Name switch
    {
        "vehicle" => new TripGroup(null, trip.Vehicle.Id, null),
        "tag" => new TripGroup(null, null, trip.Trip.Note?.Tag),
        _ => new TripGroup(TripDates.FirstDay(TripDates.DateOf(trip.Trip.Span.Start, zone), Name switch { "week" => TripPeriod.Week, "month" => TripPeriod.Month, _ => TripPeriod.Day }), null, null),
    };
}

/// <summary>Prices, in any currency.</summary>
sealed record TripCosts(TripPrices Prices) : IRequestPart<TripCosts>
{
    const double MaxPrice = 1_000_000;

    static readonly Number Fuel = new("fuel_price", "Price of a litre of fuel, in any currency; without it fuel has no cost", Min: 0, MaxPrice);
    static readonly Number Energy = new("energy_price", "Price of a kWh, in any currency; without it energy has no cost", Min: 0, MaxPrice);

    public static IReadOnlyList<Parameter> Parameters => [Fuel, Energy];

    public static TripCosts Read(HttpContext http) => new(new TripPrices(Fuel.Read(http), Energy.Read(http)));
}
