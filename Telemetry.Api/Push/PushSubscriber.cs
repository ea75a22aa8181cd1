namespace Telemetry.Api.Push;

/// <summary>A browser that alerts are sent to: a row of <c>push_subscriptions</c>. Times in microseconds since 1970.</summary>
sealed class PushSubscriber
{
    public string Endpoint { get; set; } = "";

    public string P256dh { get; set; } = "";

    public string Auth { get; set; } = "";

    public string Origin { get; set; } = "";

    /// <summary><c>en</c> or <c>fr</c>; null: the channel's.</summary>
    public string? Language { get; set; }

    /// <summary>The token's <c>sub</c>; null: none.</summary>
    public string? Subject { get; set; }

    /// <summary>Ids of the token's vehicles, comma-separated; null: all vehicles.</summary>
    public string? Vehicles { get; set; }

    public string Access { get; set; } = "";

    /// <summary>Hash of the login; null: none.</summary>
    public string? Login { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>Last time its page was opened with a valid token.</summary>
    public long SeenAt { get; set; }

    /// <summary>True if its token allows the vehicle; null: the server itself.</summary>
    public bool Sees(int? vehicleId) => Vehicles is null || (vehicleId is { } id && Vehicles.Split(',').Contains($"{id}"));
}
