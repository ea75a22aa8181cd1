namespace Telemetry.Core.Signals;

/// <summary>The names of signals that one vehicle has brought, as far as they are counted.</summary>
/// <param name="owner">Its name, for messages.</param>
public sealed class NameBudget(string owner)
{
    /// <summary>The device.</summary>
    public string Owner { get; } = owner;

    /// <summary>Names counted now.</summary>
    internal int Count { get; set; }
}
