using Telemetry.Core.Obd;

namespace Telemetry.Core.TroubleCodes;

/// <summary>Trouble codes of one vehicle, by control unit and kind. One caller at a time.</summary>
sealed class VehicleCodes
{
    /// <summary>Maximum codes of a vehicle; further ones are dropped, against a publisher that makes them up.</summary>
    public const int MaxCodes = 256;

    readonly Dictionary<(uint ControlUnit, TroubleCodeKind Kind), KnownCode[]> _lists = [];

    public IEnumerable<KnownCode> All => _lists.Values.SelectMany(list => list);

    /// <summary>Control unit that the VIN came from; the lowest wins.</summary>
    public uint VinSource { get; set; } = uint.MaxValue;

    /// <summary>Time of the last <see cref="TroubleCodeRegistry.Changed"/>.</summary>
    public DateTime AnnouncedAt { get; set; }

    /// <summary>Replaces the list of a control unit: codes not in it are cleared.</summary>
    /// <returns>True if the codes have changed.</returns>
    public bool Replace(uint controlUnit, TroubleCodeKind kind, TroubleCode[] codes, DateTime at)
    {
        var known = _lists.GetValueOrDefault((controlUnit, kind), []);
        var free = Math.Max(0, MaxCodes - All.Count() + known.Length);
        KnownCode[] list = [.. codes.Take(free).Select(code => new KnownCode(code, kind, controlUnit, Array.Find(known, before => before.Code == code)?.FirstSeen ?? at, at))];
        // An empty list is kept too: it shows that the control unit has answered.
        _lists[(controlUnit, kind)] = list;
        return list.Length != known.Length || list.Any(now => !known.Any(before => before.Code == now.Code));
    }

    /// <summary>Removes the codes that a tester can erase: permanent ones stay until the control unit itself drops them.</summary>
    /// <returns>True if there were any.</returns>
    public bool Clear(uint controlUnit)
    {
        var changed = false;
        foreach (var kind in new[] { TroubleCodeKind.Stored, TroubleCodeKind.Pending }) changed |= Replace(controlUnit, kind, [], default);
        return changed;
    }

    /// <summary>Adds earlier codes; newer answers of a control unit take precedence.</summary>
    public void Restore(IEnumerable<KnownCode> earlier)
    {
        foreach (var list in earlier.GroupBy(code => (code.ControlUnit, code.Kind)))
        {
            _lists[list.Key] = _lists.TryGetValue(list.Key, out var known)
                ? [.. known.Select(code => list.FirstOrDefault(before => before.Code == code.Code) is { } before && before.FirstSeen < code.FirstSeen ? code with { FirstSeen = before.FirstSeen } : code)]
                : [.. list.Take(Math.Max(0, MaxCodes - All.Count()))];
        }
    }
}
