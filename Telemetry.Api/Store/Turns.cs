namespace Telemetry.Api.Store;

/// <summary>Lets in so many at a time. Thread-safe.</summary>
/// <param name="atOnce">How many.</param>
/// <param name="patience">How long one more waits to be let in.</param>
sealed class Turns(int atOnce, TimeSpan patience) : IDisposable
{
    readonly SemaphoreSlim _free = new(atOnce);

    /// <summary>Takes a turn; to be given back by disposing of it.</summary>
    /// <exception cref="TimeoutException">None has become free.</exception>
    public async Task<IDisposable> Take(CancellationToken cancelled) =>
        await _free.WaitAsync(patience, cancelled) ? new Turn(_free) : throw new TimeoutException($"it is being read for {atOnce} others");

    public void Dispose() => _free.Dispose();

    sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
