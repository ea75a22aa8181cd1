namespace Telemetry.Core.Vehicles;

/// <summary>Display settings of a vehicle besides its name. Null: not set.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Color">Its colour as <c>#rrggbb</c>.</param>
/// <param name="TankLitres">Size of its tank.</param>
/// <param name="BatteryKwh">Usable size of its traction battery.</param>
/// <param name="Hidden">True: lists leave it out. Null: they do as long as nothing was heard of vehicle 1 while there are others.</param>
/// <param name="Cards">Signals of its cards, in their order.</param>
/// <param name="Fuel">One of <see cref="Fuels"/>: the air flow of a petrol engine says what it burns.</param>
public sealed record VehicleProfile(string? Kind = null, string? Color = null, double? TankLitres = null, double? BatteryKwh = null, bool? Hidden = null, IReadOnlyList<string>? Cards = null, string? Fuel = null)
{
    /// <summary>Nothing set.</summary>
    public static readonly VehicleProfile Empty = new();

    /// <summary>The fuel of which the air flow says the amount.</summary>
    public const string Petrol = "petrol";

    /// <summary>Valid fuels.</summary>
    public static readonly IReadOnlyList<string> Fuels = [Petrol, "diesel"];

    /// <summary>Valid kinds.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["car", "van", "motorcycle", "electric"];
}
