using Telemetry.Api.Http;
using Telemetry.Api.Store;
using Telemetry.Core.Logs;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>Converts the lines of an export, or of a log of a phone app, into entries.</summary>
sealed class ImportedRows(VehicleRegistry vehicles, SignalCatalog catalog, LogOptions options, ImportTarget target, Func<string, bool> mayBeNew)
{
    const int MaxExportLine = 1000;

    // Names that a dry run keeps in memory. A real import is limited by the registration of its vehicles.
    const int MaxDryRunVehicles = 10_000;

    // A reading of tomorrow would be the newest one for a long time.
    static readonly TimeSpan FutureAllowed = TimeSpan.FromMinutes(1);

    readonly DateTime _latest = options.Now + FutureAllowed;
    readonly Dictionary<string, NameBudget> _names = [];
    readonly Dictionary<string, LogColumn> _exported = [];
    readonly List<string> _sample = [];
    readonly LeftOuts _leftOut = new();
    readonly List<Reading> _readings = [];
    LogReader? _log;
    bool _isExport;
    DateTime _first = DateTime.MaxValue, _last;

    public List<HistoryEntry> Batch { get; } = [];

    public int Waiting { get; private set; }

    public long Readings { get; private set; }

    public long Rejected { get; private set; }

    public long Line { get; private set; }

    /// <summary>Returns the reason for ending the import here; null: it continues.</summary>
    public ImportProblem? Take(string line)
    {
        if (_isExport) return TakeExported(line);
        if (_log is not null) return TakeLogged(line);
        if (_sample.Count == 0) line = line.TrimStart('\uFEFF');
        if (_sample.Count == 0 && line == ReadingsFile.Header)
        {
            _isExport = true;
            Line = 1;
            return null;
        }

        _sample.Add(line);
        return _sample.Count < LogReader.SampleLines ? null : TakeSample();
    }

    public ImportProblem? End()
    {
        if (!_isExport && _log is null && TakeSample() is { } problem) return problem;
        if (_log is null || Readings + Waiting + Rejected > 0 || _log.LeftOut.All is not [var first, ..]) return null;
        return new ImportProblem($"Line {first.Line}{(first.Column is { } column ? $", column {column}" : "")}: {first.Reason}; the file has no value that can be taken.");
    }

    public void Stored()
    {
        Readings += Waiting;
        Waiting = 0;
        Batch.Clear();
    }

    public ImportReport Report()
    {
        var columns = _log?.Columns ?? [.. _exported.Values];
        var leftOut = columns.Where(column => column.LeftOut is not null).Select(column => new LeftOutValues(column.LeftOut!, column.Name, null, null))
            .Concat((_log?.LeftOut.All ?? []).Concat(_leftOut.All).Select(values => new LeftOutValues(values.Reason, values.Column, values.Line, values.Count)));
        var (first, last) = _last == default ? (null, null) : (Timestamps.Text(_first), Timestamps.Text(_last));
        return new ImportReport(Readings, Rejected, target.IsDryRun, _isExport || _log is null ? "export" : _log.IsLong ? "long" : "wide", first, last, [.. _names.Keys.Take(ImportReport.MaxVehicles)],
            [.. columns.Where(column => column is { LeftOut: null, Signal: not null }).Select(ImportedColumn.Of)], [.. leftOut], [.. _log?.Notes ?? []]);
    }

    ImportProblem? TakeSample()
    {
        _log = new LogReader(catalog, options);
        if (_log.Begin(_sample) is { } problem)
        {
            Line = 1;
            _log = null;
            return new ImportProblem(problem);
        }

        foreach (var line in _sample)
            if (TakeLogged(line) is { } wrong) return wrong;
        return null;
    }

    ImportProblem? TakeExported(string line)
    {
        Line++;
        if (line.Length == 0) return null;
        if (line.Length > MaxExportLine) return new ImportProblem($"Line {Line} is longer than {MaxExportLine} characters.");
        if (ReadingsFile.Parse(line, out var row) is { } wrong) return new ImportProblem($"Line {Line}: {wrong}");
        if (!_exported.TryGetValue(row.Signal, out var column)) column = Exported(row.Signal);
        return Add(row.Device, row.At, [new LogValue(column, row.Value)]);
    }

    LogColumn Exported(string name)
    {
        var column = LogColumn.OfExport(name, catalog.FindImported(name));
        // The catalog limits the signals: refused names need no memory.
        if (_exported.Count < SignalCatalog.MaxOtherSignals) _exported[name] = column;
        return column;
    }

    ImportProblem? TakeLogged(string line)
    {
        Line++;
        if (line.Length > ImportLines.MaxLength) return new ImportProblem($"Line {Line} is longer than {ImportLines.MaxLength} characters.");
        if (_log!.Read(line) is { } wrong) return new ImportProblem(wrong);
        return _log.Values.Count == 0 ? null : Add(_log.Device ?? options.Device ?? vehicles.Default.Key, _log.At, _log.Values);
    }

    ImportProblem? Add(string device, DateTime at, List<LogValue> values)
    {
        if (!ReadingsFile.IsDevice(device)) return new ImportProblem($"Line {Line}: vehicle takes a device name of 1 to {Vehicle.MaxDeviceLength} characters.");
        if (target.IsDryRun && _names.Count >= MaxDryRunVehicles && !_names.ContainsKey(device)) return new ImportProblem($"Line {Line}: a dry run takes at most {MaxDryRunVehicles} vehicles.");
        _readings.Clear();
        foreach (var value in values)
        {
            var signal = value.Column.Signal;
            if (ReasonAgainst(device, at, value.Value, ref signal) is { } reason)
            {
                Rejected++;
                _leftOut.Count(reason, Line, value.Column.Name);
                continue;
            }

            _readings.Add(new Reading(signal!, value.Value, at));
            value.Column.Count(signal!, isStored: !target.IsDryRun);
        }

        if (_readings.Count == 0) return null;
        if (!target.IsDryRun && target.LimitsNewVehicles && !mayBeNew(device))
            return new ImportProblem($"Line {Line} exceeds the number of new vehicles per minute (Ingest:NewVehiclesPerMinute).", StatusCodes.Status429TooManyRequests);
        if (!target.IsDryRun) Batch.Add(new HistoryEntry(vehicles.Keyed(device), [.. _readings], null));
        Waiting += _readings.Count;
        if (at < _first) _first = at;
        if (at > _last) _last = at;
        return null;
    }

    string? ReasonAgainst(string device, DateTime at, double value, ref Signal? signal)
    {
        if (at > _latest) return "in the future";
        if (signal is null) return "the name is no signal";
        if (!TryTake(device, ref signal)) return "more signal names than a vehicle may have";
        return signal.AcceptsRecorded(value) ? null : "out of the signal's range";
    }

    bool TryTake(string device, ref Signal signal)
    {
        if (!_names.TryGetValue(device, out var budget)) _names[device] = budget = new NameBudget(device);
        return target.IsDryRun ? catalog.CanTake(signal, budget, _latest) : catalog.TryTake(ref signal, budget, _latest);
    }
}
