using System.ComponentModel.DataAnnotations;
using Telemetry.Api.Http;
using Telemetry.Api.Store;
using Telemetry.Core.Signals;
using Telemetry.Core.Vehicles;

namespace Telemetry.Api.History;

/// <summary>A chart in <c>GET /telemetry/history</c>, by columns.</summary>
/// <param name="From">Start of the first bucket.</param>
/// <param name="To">End of the last bucket.</param>
/// <param name="BucketSeconds">Length of a bucket.</param>
/// <param name="Time">Start of each bucket, seconds since 1970.</param>
/// <param name="Signals">Values by signal.</param>
sealed record Chart(int VehicleId, [property: DataType(DataType.DateTime)] string From, [property: DataType(DataType.DateTime)] string To, double BucketSeconds, double[] Time, IReadOnlyDictionary<string, Series> Signals)
{
    public static Chart Of(Vehicle vehicle, IReadOnlyList<Signal> signals, Buckets buckets, Dictionary<Signal, Series> series) => new(
        vehicle.Id,
        Timestamps.Text(buckets.From),
        Timestamps.Text(buckets.To),
        buckets.Bucket.TotalSeconds,
        [.. Enumerable.Range(0, buckets.Count).Select(bucket => (buckets.From + buckets.Bucket * bucket - DateTime.UnixEpoch).TotalSeconds)],
        new OrderedDictionary<string, Series>(signals.Select(signal => KeyValuePair.Create(signal.Name, series[signal]))));
}

sealed record ChartedSignals(IReadOnlyList<Signal> Signals) : IRequestPart<ChartedSignals>
{
    public const int MaxSignals = 20;

    static readonly Text Parameter = new("signal", $"At most {MaxSignals} comma-separated names; without it the six of the live message");

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static ChartedSignals Read(HttpContext http) => new(Parameter.Read(http) is { } names ? Named(names, Parameter, http) : Signal.Six);

    /// <summary>Throws <see cref="ProblemException"/> for an unknown name, or too many.</summary>
    public static IReadOnlyList<Signal> Named(string names, Text parameter, HttpContext http)
    {
        var catalog = http.RequestServices.GetRequiredService<SignalCatalog>();
        var found = new List<Signal>();
        foreach (var name in names.Split(','))
        {
            if (catalog.Known(name) is not { } signal) throw parameter.Wrong($"names of signals that have been received, separated by commas; '{Short(name)}' has not been");
            if (!found.Contains(signal)) found.Add(signal);
        }

        return found.Count <= MaxSignals ? found : throw parameter.Wrong($"at most {MaxSignals} names");
    }

    static string Short(string name) => name.Length <= 64 ? name : $"{name[..64]}…";
}

sealed record ChartPoints(int Max) : IRequestPart<ChartPoints>
{
    static readonly WholeNumber Parameter = new("points", "Maximum number of buckets", Min: 1, Max: 5000, Default: 500);

    public static IReadOnlyList<Parameter> Parameters => [Parameter];

    public static ChartPoints Read(HttpContext http) => new(Parameter.Read(http)!.Value);
}
