using System.Globalization;
using Telemetry.Api.Http;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Queries;

/// <summary>Choice of vehicles in ascending order; null: all.</summary>
sealed record VehicleIds(IReadOnlyList<int>? Ids) : IRequestPart<VehicleIds>
{
    static readonly Text Parameter = new("vehicle_id", "Ids of vehicles, separated by commas; without it all") { Pattern = "^[0-9]+(,[0-9]+)*$", Takes = "vehicle ids from 1, separated by commas, such as 1,2" };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static VehicleIds Read(HttpContext http)
    {
        if (Parameter.Read(http) is not { } text) return new VehicleIds((IReadOnlyList<int>?)null);
        var ids = new SortedSet<int>();
        foreach (var part in text.Split(',')) ids.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id >= 1 ? id : throw Parameter.Wrong(""));
        return new VehicleIds([.. ids]);
    }
}

sealed record ShownSignals(SignalChoice Signals) : IRequestPart<ShownSignals>
{
    public static readonly Text Parameter = new("signals", $"Signals beyond the six to be added to data: comma-separated names, at most {SignalChoice.MaxNames}, or * for all")
    {
        Examples = ["soc,odometer", "*"],
        Takes = $"names from GET /signals, separated by commas, such as soc,odometer, at most {SignalChoice.MaxNames}; or * for all",
    };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static ShownSignals Read(HttpContext http)
    {
        if (Parameter.Read(http) is not { } text) return new ShownSignals(SignalChoice.None);
        return SignalChoice.TryParse(text, out var signals) ? new ShownSignals(signals) : throw Parameter.Wrong("");
    }
}

sealed record MessageRate(TimeSpan Interval) : IRequestPart<MessageRate>
{
    static readonly Number Parameter = new("max_hz", "Maximum messages of a vehicle per second; changes of state are sent at once", Min: 0.01, Max: 1000)
    {
        Takes = "messages of a vehicle per second, 0.01 to 1000",
    };

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static MessageRate Read(HttpContext http) => new(Parameter.Read(http) is { } hertz ? TimeSpan.FromSeconds(1 / hertz) : TimeSpan.Zero);
}

sealed record WantedAlerts(bool Wants) : IRequestPart<WantedAlerts>
{
    static readonly Flag Parameter = new("alerts", "Messages of alerts as well: the open ones at once, then each change");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static WantedAlerts Read(HttpContext http) => new(Parameter.Read(http));
}

/// <summary>A message at each change of the list of vehicles.</summary>
sealed record WantedNews(bool Wants) : IRequestPart<WantedNews>
{
    static readonly Flag Parameter = new("vehicles", "A message {\"type\":\"vehicles_changed\"} as well whenever a vehicle was changed, merged or deleted: GET /vehicles has the new list");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static WantedNews Read(HttpContext http) => new(Parameter.Read(http));
}

sealed record WantedForecasts(bool Wants) : IRequestPart<WantedForecasts>
{
    static readonly Flag Parameter = new("forecasts", "Messages of forecasts as well: at most one a second for each vehicle that drives");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static WantedForecasts Read(HttpContext http) => new(Parameter.Read(http));
}
