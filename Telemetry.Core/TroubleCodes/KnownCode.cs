using Telemetry.Core.Obd;

namespace Telemetry.Core.TroubleCodes;

/// <summary>A trouble code of a vehicle.</summary>
/// <param name="Code">The code.</param>
/// <param name="Kind">Its status in the control unit.</param>
/// <param name="ControlUnit">CAN identifier of the control unit's answers.</param>
/// <param name="FirstSeen">UTC arrival of the first answer with it, in whole microseconds.</param>
/// <param name="LastSeen">UTC arrival of the newest answer with it, in whole microseconds.</param>
public sealed record KnownCode(TroubleCode Code, TroubleCodeKind Kind, uint ControlUnit, DateTime FirstSeen, DateTime LastSeen);
