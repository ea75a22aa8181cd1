using System.Data.Common;
using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using System.Text.Json;
using Telemetry.Api.History;
using Telemetry.Api.Store;
using Telemetry.Core.Alerts;
using Telemetry.Core.Signals;

namespace Telemetry.Api.Alerts;

/// <summary>Result of a change of a rule.</summary>
enum RuleChange
{
    /// <summary>It is made.</summary>
    Done,

    /// <summary>There is no such rule.</summary>
    Missing,

    /// <summary>The rule has another version than the one that was changed.</summary>
    OtherVersion,

    /// <summary>Another rule has that name.</summary>
    NameTaken,

    /// <summary>There are as many rules as there may be.</summary>
    TooMany,

    /// <summary>The store is away: nothing has changed.</summary>
    StoreAway,
}

/// <summary>The rules, in the store and in force. Thread-safe; one change at a time.</summary>
sealed class AlertRules(StoreAndForward keeper, ReadingStore store, AlertRuleStore table, SignalCatalog signals, IScheduler clock) : IDisposable
{
    /// <summary>Rules at once.</summary>
    public const int MaxRules = 200;

    const int NoRule = 0;
    const int AnyRule = -1;

    readonly SemaphoreSlim _turn = new(1);
    readonly AlertRuleReader _reader = new(signals);
    readonly BehaviorSubject<IReadOnlyList<StoredRule>> _all = new([]);

    /// <summary>All rules in the order of their ids, whenever they change.</summary>
    public IObservable<IReadOnlyList<StoredRule>> Changes => _all;

    /// <summary>All rules as they are now.</summary>
    public IReadOnlyList<StoredRule> All => _all.Value;

    /// <summary>False until the store has been read: rules may be missing.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>A rule; null where there is none.</summary>
    public StoredRule? Find(int id) => All.FirstOrDefault(rule => rule.Rule.Id == id);

    /// <summary>Adds a rule.</summary>
    /// <exception cref="AlertRuleException">A field is not what it takes.</exception>
    public Task<(RuleChange Change, StoredRule? Rule)> AddAsync(JsonElement json, string? by)
    {
        var rule = Read(json, NoRule, 1, by);
        return ChangeAsync(async transaction =>
        {
            if (All.Count >= MaxRules) return (RuleChange.TooMany, NoRule);
            return await table.AddAsync(transaction, rule) is { } id ? (RuleChange.Done, id) : (RuleChange.NameTaken, NoRule);
        });
    }

    /// <summary>Puts another rule in the place of one.</summary>
    /// <exception cref="AlertRuleException">A field is not what it takes.</exception>
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

    /// <summary>Removes a rule.</summary>
    /// <param name="id">The rule.</param>
    /// <param name="version">The version that is meant; null: whichever it is.</param>
    public Task<(RuleChange Change, StoredRule? Rule)> RemoveAsync(int id, int? version) => ChangeAsync(async transaction =>
    {
        if (Find(id) is not { } known) return (RuleChange.Missing, id);
        if (version is not null && known.Rule.Version != version) return (RuleChange.OtherVersion, id);
        await AlertRuleStore.RemoveAsync(transaction, id);
        return (RuleChange.Done, id);
    });

    /// <summary>A vehicle has become part of another one: rules that name it name the other one.</summary>
    /// <returns>False while the store is away.</returns>
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

    /// <summary>Takes over what the store has, which other servers change too.</summary>
    /// <returns>False while the store is away.</returns>
    public async Task<bool> TryLoadAsync() => (await ChangeAsync(_ => Task.FromResult((RuleChange.Done, NoRule)))).Change == RuleChange.Done;

    /// <summary>Takes over rules that this machine has noted, until the store tells more.</summary>
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
