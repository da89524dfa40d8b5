namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>A delivery as it stood at one moment.</summary>
internal sealed record CallbackView(
    string Id, string Event, string Type, string Subject, Uri Url, CallbackMode Mode, CallbackState State, int Attempts, int LastStatus, DateTimeOffset CreatedAt)
{
    public static CallbackView Of(CallbackDelivery delivery) => new(
        delivery.Id,
        delivery.Message.Event,
        delivery.Message.Type,
        delivery.Message.Subject,
        delivery.Endpoint.Url,
        delivery.Mode,
        delivery.State,
        delivery.Attempts,
        delivery.LastStatus,
        delivery.CreatedAt);
}
