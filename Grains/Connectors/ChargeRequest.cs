using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>One charge of a card. Not a record: it carries card data.</summary>
public sealed class ChargeRequest
{
    public required PaymentId PaymentId { get; init; }

    public required MerchantId MerchantId { get; init; }

    /// <summary>Derived from payment and attempt; the same at each repetition.</summary>
    public required AttemptReference Reference { get; init; }

    public required Money Amount { get; init; }

    public required CardDetails Card { get; init; }

    public required CaptureMethod CaptureMethod { get; init; }

    public string? Description { get; init; }

    /// <summary>Where the payer's browser comes back to; null when nobody could follow a redirect, and then a card that needs one is declined. Absolute; the same at each repetition.</summary>
    public string? ReturnUrl { get; init; }

    public string? MerchantOrderId { get; init; }

    public override string ToString() => $"charge {Reference}";
}
