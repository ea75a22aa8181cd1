namespace Telemetry.Core.Signals;

/// <summary>Counted signal names of one vehicle.</summary>
/// <param name="owner">Its device name, for messages.</param>
public sealed class NameBudget(string owner)
{
    /// <summary>Device name.</summary>
    public string Owner { get; } = owner;

    /// <summary>Names counted at present.</summary>
    internal int Count { get; set; }
}
