namespace OrleansPayments.Payments;

/// <summary>Asks for a payment that was only created to be sent. Not a record: it carries a card.</summary>
[GenerateSerializer, Immutable, Alias("confirm_payment")]
public sealed class ConfirmPayment(CardDetails? card, string? cardFingerprint, RequestIdentity? identity)
{
    /// <summary>Takes the place of the card that the payment was created with, security code included; null keeps that card, without its security code.</summary>
    [Id(0)]
    public CardDetails? Card { get; } = card;

    /// <summary>As in <see cref="CreatePayment.CardFingerprint"/>, of <see cref="Card"/>; null without one.</summary>
    [Id(1)]
    public string? CardFingerprint { get; } = cardFingerprint;

    /// <summary>Null when the caller gave no idempotency key.</summary>
    [Id(2)]
    public RequestIdentity? Identity { get; } = identity;

    public override string ToString() => "confirm_payment";
}
