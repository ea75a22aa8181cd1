using System.Data.Common;
using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using System.Text.Json;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Alerts;

enum RuleChange
{
    Done,

    Missing,

    /// <summary>The rule in the store has another version than the one that was to be changed.</summary>
    OtherVersion,

    NameTaken,

    TooMany,

    StoreAway,
}

sealed class AlertRules(StoreAndForward keeper, ReadingStore store, AlertRuleStore table, SignalCatalog signals, IScheduler clock) : IDisposable
{
    public const int MaxRules = 200;

    const int NoRule = 0;
    const int AnyRule = -1;

    readonly SemaphoreSlim _turn = new(1);
    readonly AlertRuleReader _reader = new(signals);
    readonly BehaviorSubject<IReadOnlyList<StoredRule>> _all = new([]);

    public IObservable<IReadOnlyList<StoredRule>> Changes => _all;

    public IReadOnlyList<StoredRule> All => _all.Value;

    /// <summary>False until the store has been read: rules may be missing.</summary>
    public bool IsLoaded { get; private set; }

    public StoredRule? Find(int id) => All.FirstOrDefault(rule => rule.Rule.Id == id);

    public Task<(RuleChange Change, StoredRule? Rule)> AddAsync(JsonElement json, string? by)
    {
        var rule = Read(json, NoRule, 1, by);
        return ChangeAsync(async transaction =>
        {
            if (All.Count >= MaxRules) return (RuleChange.TooMany, NoRule);
            return await table.AddAsync(transaction, rule) is { } id ? (RuleChange.Done, id) : (RuleChange.NameTaken, NoRule);
        });
    }

    public Task<(RuleChange Change, StoredRule? Rule)> ReplaceAsync(int id, int version, JsonElement json, string? by)
    {
        var rule = Read(json, id, version + 1, by);
        return ChangeAsync(async transaction =>
        {
            if (Find(id) is not { } known) return (RuleChange.Missing, id);
            if (known.Rule.Version != version) return (RuleChange.OtherVersion, id);
            if (await AlertRuleStore.IsTakenAsync(transaction, rule.Rule.Name, id)) return (RuleChange.NameTaken, id);
            return (await table.TryChangeAsync(transaction, rule) ? RuleChange.Done : RuleChange.OtherVersion, id);
        });
    }

    public Task<(RuleChange Change, StoredRule? Rule)> RemoveAsync(int id, int? version) => ChangeAsync(async transaction =>
    {
        if (Find(id) is not { } known) return (RuleChange.Missing, id);
        if (version is not null && known.Rule.Version != version) return (RuleChange.OtherVersion, id);
        await AlertRuleStore.RemoveAsync(transaction, id);
        return (RuleChange.Done, id);
    });

    /// <summary>Replaces a merged vehicle in the rules that name it; false while the store is unavailable.</summary>
    public async Task<bool> TryFollowAsync(int vehicleId, int into)
    {
        if (!All.Any(rule => rule.Rule.Vehicles?.Contains(vehicleId) == true)) return true;
        var (change, _) = await ChangeAsync(async transaction =>
        {
            foreach (var rule in All.Where(rule => rule.Rule.Vehicles?.Contains(vehicleId) == true).ToList())
                await table.TryChangeAsync(transaction, Read(rule.With(vehicleId, into), rule.Rule.Id, rule.Rule.Version + 1, rule.ChangedBy));
            return (RuleChange.Done, AnyRule);
        });
        return change == RuleChange.Done;
    }

    /// <summary>Loads the rules, which other servers change too; false while the store is unavailable.</summary>
    public async Task<bool> TryLoadAsync() => (await ChangeAsync(_ => Task.FromResult((RuleChange.Done, NoRule)))).Change == RuleChange.Done;

    public void Restore(IEnumerable<RuleRow> noted)
    {
        if (All.Count == 0) _all.OnNext([.. noted.Select(table.Read).OfType<StoredRule>()]);
    }

    public void Dispose()
    {
        _turn.Dispose();
        _all.Dispose();
    }

    StoredRule Read(JsonElement json, int id, int version, string? by) => new(_reader.Read(json, id, version), StoredRule.Text(json), clock.Now.UtcDateTime, by);

    // The rules of the store are read in the transaction that changes them.
    async Task<(RuleChange Change, StoredRule? Rule)> ChangeAsync(Func<DbTransaction, Task<(RuleChange Change, int Id)>> change)
    {
        await _turn.WaitAsync();
        try
        {
            var (result, rules) = ((Change: RuleChange.StoreAway, Id: NoRule), All);
            var isDone = await keeper.TryChangeAsync(() => store.ChangeAsync([], async transaction =>
            {
                rules = await table.ReadAsync(transaction, All);
                IsLoaded = true;
                Set(rules);
                result = await change(transaction);
                if (result.Id != NoRule && result.Change == RuleChange.Done) rules = await table.ReadAsync(transaction, All);
            }));
            if (!isDone) return (RuleChange.StoreAway, null);
            Set(rules);
            return (result.Change, Find(result.Id));
        }
        finally
        {
            _turn.Release();
        }
    }

    void Set(IReadOnlyList<StoredRule> rules)
    {
        if (!rules.SequenceEqual(All)) _all.OnNext(rules);
    }
}
