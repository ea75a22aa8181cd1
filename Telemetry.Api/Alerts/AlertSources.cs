using System.Reactive.Linq;
using System.Reactive.Subjects;
using Telemetry.Core.Alerts;
using Telemetry.Core.Forecasts;
using Telemetry.Core.Live;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.Alerts;

/// <summary>Inputs of the alert operator in the live graphs: active rules, broker link, and the saved state of an earlier run. Thread-safe.</summary>
sealed class AlertSources(AlertsSettings settings) : IDisposable
{
    readonly BehaviorSubject<IReadOnlyList<AlertRule>> _rules = new([]);
    readonly BehaviorSubject<bool> _link = new(false);
    readonly Subject<SavedWatch> _saved = new();
    readonly Subject<ForecastReadings> _forecasts = new();
    volatile AlertRule[] _onForecasts = [];

    public AlertInput Input => new(_rules, new AlertListening(_link.DistinctUntilChanged(), settings.Settle), _saved, _forecasts);

    public void SetRules(IEnumerable<AlertRule> rules)
    {
        var enabled = rules.Where(rule => rule.IsEnabled).ToList();
        _onForecasts = [.. enabled.Where(rule => rule.IsOnForecasts)];
        _rules.OnNext(enabled);
    }

    public bool HasRuleOnForecasts(int vehicleId)
    {
        foreach (var rule in _onForecasts)
            if (rule.AppliesTo(vehicleId)) return true;
        return false;
    }

    public void SetForecasts(Vehicle vehicle, ForecastValues values) => _forecasts.OnNext(new ForecastReadings(vehicle, values));

    public void SetLink(bool isUp) => _link.OnNext(isUp);

    public void Restore(SavedWatch saved) => _saved.OnNext(saved);

    public void Dispose()
    {
        _rules.Dispose();
        _link.Dispose();
        _saved.Dispose();
        _forecasts.Dispose();
    }
}
