namespace Telemetry.Bench.Playback;

/// <summary>Things that go together.</summary>
sealed class Owned<T> : List<T>, IAsyncDisposable where T : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var thing in this) await thing.DisposeAsync();
    }
}
