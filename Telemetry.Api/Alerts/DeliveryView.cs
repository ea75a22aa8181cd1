namespace Telemetry.Api.Alerts;

/// <summary>Delivery state of an alert on a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="SentVersion">The version of the alert that was sent last: 1 when it fired, 2 when it was over; 0: none yet.</param>
/// <param name="SentAt">When, UTC; null: not yet.</param>
/// <param name="Reminders">Reminders sent.</param>
/// <param name="GivenUp">True if the last message could not be delivered.</param>
/// <param name="Error">Why.</param>
sealed record DeliveryView(string Channel, int SentVersion, string? SentAt, int Reminders, bool GivenUp, string? Error);

delegate IReadOnlyList<DeliveryView> DeliveriesOf(Guid alert);
