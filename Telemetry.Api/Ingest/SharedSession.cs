namespace Telemetry.Api.Ingest;

/// <summary>Session at the broker that the instances of a cluster use one after the other.</summary>
abstract class SharedSession
{
    /// <summary>Called before each connection. Throws if another instance uses the session now; adds what earlier ones have stored.</summary>
    public abstract Task PrepareAsync(DeliveryLog deliveries);

    /// <summary>Called when the broker has begun a new session.</summary>
    public abstract Task ClearAsync();
}
