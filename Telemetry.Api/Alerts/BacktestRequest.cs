using System.Text.Json;
using Telemetry.Api.Http;
using Telemetry.Api.Queries;

namespace Telemetry.Api.Alerts;

sealed record BacktestRequest(JsonElement Rule, int VehicleId, TimeRange Range) : IJsonBody<BacktestRequest>
{
    static readonly string[] Keys = ["rule", "vehicle_id", "from", "to"];
    static readonly RangeLimits Limits = new(DefaultDays: 30, MaxDays: 366, "30 days");

    public static string Takes => $"The body takes a JSON object of {string.Join(", ", Keys)}.";

    public static Type Schema => typeof(BacktestBody);

    public static BacktestRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) throw new ProblemException(Takes, null);
        foreach (var property in body.EnumerateObject())
            if (!Keys.Contains(property.Name)) throw new ProblemException($"{property.Name} is no key of a back-test. {Takes}", property.Name);
        if (!body.TryGetProperty("rule", out var rule)) throw new ProblemException("rule takes a rule, as POST /alerts/rules does.", "rule");
        var id = 1;
        if (body.TryGetProperty("vehicle_id", out var givenId) && !(givenId.ValueKind == JsonValueKind.Number && givenId.TryGetInt32(out id) && id > 0))
            throw new ProblemException("vehicle_id takes one vehicle id from 1.", "vehicle_id");
        var now = DateTime.UtcNow;
        var to = Time(body, "to") ?? now;
        var range = TimeRange.Of(Time(body, "from") ?? to.AddDays(-Limits.DefaultDays), to, Limits);
        return range.From < now ? new BacktestRequest(rule.Clone(), id, range) : throw Limits.From.Wrong("a time that is past");
    }

    static DateTime? Time(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var given)) return null;
        return given.ValueKind == JsonValueKind.String && TimeRange.TryTime(given.GetString(), out var time) ? time : throw new ProblemException($"{name} takes an ISO 8601 time in UTC, such as 2026-11-23T10:00:00Z.", name);
    }
}
