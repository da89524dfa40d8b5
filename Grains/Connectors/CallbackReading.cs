using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What an adapter makes of a callback.</summary>
public abstract record CallbackReading
{
    private CallbackReading()
    {
    }

    /// <summary>It is not proven to come from the provider, or is older than a repetition may be.</summary>
    /// <param name="Reason">snake_case: <c>signature_missing</c>, <c>signature_wrong</c>, <c>timestamp_out_of_range</c>, <c>no_webhook_secret</c>, …</param>
    public sealed record Refused(string Reason) : CallbackReading;

    /// <summary>Genuine, and about nothing that concerns a payment of ours.</summary>
    public sealed record Ignored(string EventType) : CallbackReading;

    /// <summary>Genuine, and unreadable: the provider is better not told that it was taken.</summary>
    public sealed record Malformed(string Reason) : CallbackReading;

    /// <summary>Genuine, and about a charge of this payment.</summary>
    public sealed record About(PaymentId Payment, ChargeNotice Notice) : CallbackReading;
}
