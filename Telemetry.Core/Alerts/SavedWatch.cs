using Telemetry.Core.Vehicles;

namespace Telemetry.Core.Alerts;

/// <summary>A wait or an open alert of an earlier run, to go on with.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Since">Start of the wait, UTC.</param>
/// <param name="Counted">Judged time that it had waited.</param>
/// <param name="IsFired">True: the alert has fired.</param>
/// <param name="Value">The value of the rule's first signal when it fired.</param>
/// <param name="Peak">The worst value since.</param>
public sealed record SavedWatch(int RuleId, Vehicle Vehicle, DateTime Since, TimeSpan Counted, bool IsFired, double? Value = null, double? Peak = null);
