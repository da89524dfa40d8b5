namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>One state of a Refund (docs.stripe.com/api/refunds/object).</summary>
internal sealed record StripeRefund : IStripeObject
{
    public required string Id { get; init; }

    public required string Intent { get; init; }

    public required string Charge { get; init; }

    /// <summary>In Stripe's minor units, 1 or more.</summary>
    public required long Amount { get; init; }

    /// <summary>ISO 4217, lower case.</summary>
    public required string Currency { get; init; }

    public required RefundStatus Status { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary><c>duplicate</c>, <c>fraudulent</c>, <c>requested_by_customer</c> or null.</summary>
    public string? Reason { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; }
}
