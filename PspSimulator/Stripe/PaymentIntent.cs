namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>One state of a PaymentIntent; a change makes a new one, so an answer kept for replay stays what it was.</summary>
internal sealed record PaymentIntent : IStripeObject
{
    public required string Id { get; init; }

    /// <summary>In Stripe's minor units, 1 or more.</summary>
    public required long Amount { get; init; }

    /// <summary>ISO 4217, lower case.</summary>
    public required string Currency { get; init; }

    public required PaymentIntentStatus Status { get; init; }

    public required CaptureMethod CaptureMethod { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; }

    /// <summary>What is to be charged; null before one is given and after one was declined.</summary>
    public StripeCard? Card { get; init; }

    /// <summary>The newest attempt's charge, also a declined one.</summary>
    public StripeCharge? LatestCharge { get; init; }

    public long AmountReceived { get; init; }

    public long AmountCapturable { get; init; }

    /// <summary>The caller asked to capture in several parts.</summary>
    public bool Multicapture { get; init; }

    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>The caller's reason, <c>automatic</c> if an authorization ended by itself, or null.</summary>
    public string? CancellationReason { get; init; }

    public StripeError? LastPaymentError { get; init; }

    public string? ReturnUrl { get; init; }

    /// <summary>Where the customer authenticates while the status is <c>requires_action</c>.</summary>
    public string? AuthenticationUrl { get; init; }

    public string? Customer { get; init; }

    public string? Description { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? SetupFutureUsage { get; init; }

    public string? StatementDescriptor { get; init; }

    public string? StatementDescriptorSuffix { get; init; }

    /// <summary>The secret opens nothing here; it only has the form and is the same in every answer.</summary>
    public string ClientSecret => $"{Id}_secret_{string.Concat(Id[3..].Reverse())}";

    /// <summary>The value of a metadata key; null if it is absent.</summary>
    public string? MetadataOf(string key)
    {
        foreach (var (name, value) in Metadata)
        {
            if (string.Equals(name, key, StringComparison.Ordinal)) return value;
        }

        return null;
    }
}
