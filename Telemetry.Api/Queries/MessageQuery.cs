using System.Globalization;
using Telemetry.Api.Http;
using Telemetry.Core.Broadcast;

namespace Telemetry.Api.Queries;

/// <summary>What a query asks of messages. Each reader returns the problem, or null where there is none.</summary>
static class MessageQuery
{
    const double MinHertz = 0.01;
    const double MaxHertz = 1000;

    /// <summary><c>vehicle_id</c>: ids, parted by commas; all vehicles where it is not given.</summary>
    public static IResult? ReadVehicleIds(IQueryCollection query, out IReadOnlyList<int>? ids) => VehicleIds.TryParse(query["vehicle_id"], out ids)
        ? null
        : Problem.Of(StatusCodes.Status400BadRequest, "vehicle_id takes vehicle ids from 1, parted by commas, such as 1,2.", "vehicle_id");

    /// <summary><c>signals</c>: names beyond the six, parted by commas, or <c>*</c>; none where it is not given.</summary>
    public static IResult? ReadSignals(IQueryCollection query, out SignalChoice signals)
    {
        signals = SignalChoice.None;
        return !query.TryGetValue("signals", out var given) || SignalChoice.TryParse(given.ToString(), out signals)
            ? null
            : Problem.Of(StatusCodes.Status400BadRequest, $"signals takes names as GET /signals tells them, parted by commas, such as soc,odometer, at most {SignalChoice.MaxNames}; or * for all.", "signals");
    }

    /// <summary><c>max_hz</c>: messages of a vehicle in a second at most, told as the time between two; zero where it is not given.</summary>
    public static IResult? ReadMaxHz(IQueryCollection query, out TimeSpan interval)
    {
        interval = TimeSpan.Zero;
        if (!query.TryGetValue("max_hz", out var given)) return null;
        if (!double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hertz) || hertz is not (>= MinHertz and <= MaxHertz))
            return Problem.Of(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"max_hz takes messages of a vehicle in a second, {MinHertz} to {MaxHertz}."), "max_hz");
        interval = TimeSpan.FromSeconds(1 / hertz);
        return null;
    }
}
