using Telemetry.Core.Obd;

namespace Telemetry.Core.TroubleCodes;

/// <summary>Trouble codes of one vehicle, by control unit and kind. One caller at a time.</summary>
sealed class VehicleCodes
{
    /// <summary>Codes that are kept of a vehicle; more are dropped, against a publisher that makes them up.</summary>
    public const int MaxCodes = 256;

    readonly Dictionary<(uint ControlUnit, TroubleCodeKind Kind), KnownCode[]> _lists = [];

    /// <summary>All of them.</summary>
    public IEnumerable<KnownCode> All => _lists.Values.SelectMany(list => list);

    /// <summary>The control unit that the VIN came from; the lowest counts.</summary>
    public uint VinSource { get; set; } = uint.MaxValue;

    /// <summary>Time at which listeners last learned of a change.</summary>
    public DateTime AnnouncedAt { get; set; }

    /// <summary>Takes the list of a control unit in: codes that are not in it are cleared.</summary>
    /// <returns>True if there are other codes now.</returns>
    public bool Replace(uint controlUnit, TroubleCodeKind kind, TroubleCode[] codes, DateTime at)
    {
        var known = _lists.GetValueOrDefault((controlUnit, kind), []);
        var room = Math.Max(0, MaxCodes - All.Count() + known.Length);
        KnownCode[] list = [.. codes.Take(room).Select(code => new KnownCode(code, kind, controlUnit, Array.Find(known, before => before.Code == code)?.FirstSeen ?? at, at))];
        // An empty list is kept as well: it says that the control unit has been asked.
        _lists[(controlUnit, kind)] = list;
        return list.Length != known.Length || list.Any(now => !known.Any(before => before.Code == now.Code));
    }

    /// <summary>Drops the codes that a tester clears: permanent ones stay until the control unit itself drops them.</summary>
    /// <returns>True if there were any.</returns>
    public bool Clear(uint controlUnit)
    {
        var changed = false;
        foreach (var kind in new[] { TroubleCodeKind.Stored, TroubleCodeKind.Pending }) changed |= Replace(controlUnit, kind, [], default);
        return changed;
    }

    /// <summary>Takes codes of an earlier time in: what the control unit has said since then counts more.</summary>
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
