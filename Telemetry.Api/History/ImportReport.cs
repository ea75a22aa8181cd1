using Telemetry.Core.Logs;

namespace Telemetry.Api.History;

/// <summary>Result of an import, or of its dry run.</summary>
/// <param name="Readings">Readings stored; those that were stored before count too.</param>
/// <param name="Rejected">Readings with an impossible value, a timestamp in the future, or a key that is not a signal.</param>
/// <param name="DryRun">True if nothing was stored.</param>
/// <param name="Format"><c>export</c>, or a log: <c>wide</c> with a column for each value, <c>long</c> with one value a line.</param>
/// <param name="First">Time of the earliest reading; null: none.</param>
/// <param name="Last">Time of the latest reading.</param>
/// <param name="Vehicles">Device names, at most <see cref="MaxVehicles"/>.</param>
/// <param name="Columns">Columns of values, or the names in the file, in its order.</param>
/// <param name="LeftOut">Values and columns that are left out, with the reason.</param>
/// <param name="Notes">Remarks on the times of the file.</param>
sealed record ImportReport(long Readings, long Rejected, bool DryRun, string Format, string? First, string? Last,
    IReadOnlyList<string> Vehicles, IReadOnlyList<ImportedColumn> Columns, IReadOnlyList<LeftOutValues> LeftOut, IReadOnlyList<string> Notes)
{
    public const int MaxVehicles = 100;
}

/// <param name="Column">Number of the column, from 1.</param>
/// <param name="Name">Name in the file.</param>
/// <param name="Signal">The signal that it becomes.</param>
/// <param name="Unit">Unit of the readings; null if unknown.</param>
/// <param name="FileUnit">Unit in the file; null: none given.</param>
/// <param name="Conversion">Calculation from the file's values to readings; null: taken as they are.</param>
/// <param name="Readings">Readings taken.</param>
sealed record ImportedColumn(int Column, string Name, string Signal, string? Unit, string? FileUnit, string? Conversion, long Readings)
{
    public static ImportedColumn Of(LogColumn column) =>
        new(column.Index, column.Name, column.Signal!.Name, column.SignalUnit, column.Unit?.Name, column.Conversion, column.Readings);
}

/// <param name="Reason">The reason.</param>
/// <param name="Column">Name of the column; null: the whole line.</param>
/// <param name="Line">First such line; null: the whole column.</param>
/// <param name="Count">Number of values or lines; null: the whole column.</param>
sealed record LeftOutValues(string Reason, string? Column, long? Line, long? Count);
