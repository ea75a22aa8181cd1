namespace Telemetry.Core.Trips;

/// <summary>Sums up the readings of one drive, in the order of time.</summary>
/// <param name="maxStep">Between two readings further apart nothing is added: the values between them are unknown.</param>
public sealed class TripMeter(TimeSpan maxStep)
{
    /// <summary>Version of the sums. Stored ones of another version are computed again.</summary>
    public const int Version = 1;

    // Mean of two readings below which the vehicle stands, km/h. Speeds of satellites are rarely exactly 0.
    const double StandingBelow = 1;

    // Share of the drive that an amount must cover. Less would be an amount of another distance.
    const double MinCoverage = 0.8;

    const double MicrosecondsPerSecond = 1e6;
    const double SecondsPerHour = 3600;

    readonly long _maxStep = (long)maxStep.TotalMicroseconds;
    readonly (long At, double Value)?[] _last = new (long, double)?[TripInputs.Count];
    readonly double[] _integrals = new double[TripInputs.Count];
    readonly long[] _covered = new long[TripInputs.Count];
    double _maxSpeed;
    long _moving;
    long _standing;
    long _idling;
    int _engineStarts;
    double _chargeUsed;
    long _firstCharge;
    double? _firstOdometer;

    /// <param name="at">Microseconds since any moment.</param>
    /// <param name="input">The quantity.</param>
    /// <param name="value">In the unit of the input.</param>
    public void Add(long at, TripInput input, double value)
    {
        var last = _last[(int)input];
        switch (input)
        {
            case TripInput.Speed:
                _maxSpeed = Math.Max(_maxSpeed, value);
                if (last is { } speed && at - speed.At <= _maxStep) AddSpeedStep(at, at - speed.At, (speed.Value + value) / 2);
                break;
            case TripInput.Rpm when value > 0 && last is not { Value: > 0 }:
                _engineStarts++;
                break;
            case TripInput.Charge when last is { } charge:
                if (!(value > charge.Value && IsStanding(at))) _chargeUsed += charge.Value - value;
                break;
            case TripInput.Charge:
                _firstCharge = at;
                break;
            case TripInput.Odometer:
                _firstOdometer ??= value;
                break;
        }

        if (last is { } before && at - before.At is var step && step <= _maxStep)
        {
            _integrals[(int)input] += (before.Value + value) / 2 * step / MicrosecondsPerSecond;
            _covered[(int)input] += step;
        }

        _last[(int)input] = (at, value);
    }

    /// <param name="duration">Of the drive.</param>
    public TripSums Sums(TimeSpan duration)
    {
        var hasSpeed = _last[(int)TripInput.Speed] is not null;
        var hasRpm = _last[(int)TripInput.Rpm] is not null;
        var length = hasSpeed ? _covered[(int)TripInput.Speed] : (long)duration.TotalMicroseconds;
        return new TripSums(
            hasSpeed ? _integrals[(int)TripInput.Speed] / SecondsPerHour : null,
            hasSpeed ? _maxSpeed : null,
            hasSpeed ? _moving / MicrosecondsPerSecond : null,
            hasSpeed ? _standing / MicrosecondsPerSecond : null,
            hasSpeed && hasRpm ? _idling / MicrosecondsPerSecond : null,
            hasRpm ? _engineStarts : null,
            Covers(_covered[(int)TripInput.FuelRate], length) ? _integrals[(int)TripInput.FuelRate] / SecondsPerHour : null,
            Covers(_covered[(int)TripInput.AirFlow], length) ? _integrals[(int)TripInput.AirFlow] : null,
            _last[(int)TripInput.Charge] is { } charge && Covers(charge.At - _firstCharge, (long)duration.TotalMicroseconds) ? _chargeUsed : null,
            _firstOdometer,
            _last[(int)TripInput.Odometer]?.Value);
    }

    void AddSpeedStep(long at, long step, double mean)
    {
        if (mean >= StandingBelow)
        {
            _moving += step;
            return;
        }

        _standing += step;
        if (_last[(int)TripInput.Rpm] is { Value: > 0 } rpm && at - rpm.At <= _maxStep) _idling += step;
    }

    // Without a speed, a rise of the charge may be recuperation.
    bool IsStanding(long at) => _last[(int)TripInput.Speed] is { Value: < StandingBelow } speed && at - speed.At <= _maxStep;

    static bool Covers(long covered, long length) => covered > 0 && covered >= MinCoverage * length;
}
