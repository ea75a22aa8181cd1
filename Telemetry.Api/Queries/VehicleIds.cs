using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Telemetry.Api.Queries;

/// <summary>The <c>vehicle_id</c> of a query.</summary>
static class VehicleIds
{
    /// <summary>Reads <c>1,2</c>, or the parameter given several times.</summary>
    /// <param name="given">The query's values.</param>
    /// <param name="ids">In ascending order; null where the parameter was not given: all vehicles.</param>
    /// <returns>False when something in it is no id from 1.</returns>
    public static bool TryParse(StringValues given, out IReadOnlyList<int>? ids)
    {
        ids = null;
        if (given.Count == 0) return true;
        var set = new SortedSet<int>();
        foreach (var text in given.SelectMany(value => (value ?? "").Split(',')))
        {
            if (!TryParseOne(text, out var id)) return false;
            set.Add(id);
        }

        ids = [.. set];
        return true;
    }

    /// <summary>Reads a single id from 1.</summary>
    public static bool TryParseOne(string? text, out int id) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id >= 1;
}
