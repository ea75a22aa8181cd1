using Telemetry.Core.Obd;

namespace Telemetry.Core.TroubleCodes;

/// <summary>Trouble code that a vehicle has.</summary>
/// <param name="Code">The code.</param>
/// <param name="Kind">How the control unit keeps it.</param>
/// <param name="ControlUnit">The identifier that the control unit answers under.</param>
/// <param name="FirstSeen">UTC arrival of the first answer with it, in whole microseconds.</param>
/// <param name="LastSeen">UTC arrival of the newest answer with it, in whole microseconds.</param>
public sealed record KnownCode(TroubleCode Code, TroubleCodeKind Kind, uint ControlUnit, DateTime FirstSeen, DateTime LastSeen);
