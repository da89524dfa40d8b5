using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What a provider said of a capture or cancellation, or did not.</summary>
public abstract record OperationResult : ProviderResult
{
    private OperationResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="AmountCaptured">What has been taken of the charge in all, by the provider's books.</param>
    public sealed record Done(Money AmountCaptured) : OperationResult;

    /// <summary>The provider refused it for the charge's sake (expired, released, already taken); definite, and nothing was done.</summary>
    public sealed record Refused(PaymentError Error) : OperationResult;

    /// <summary>The provider did not look at the charge at all (wrong credentials, rate limit, no connection): this sending did nothing.</summary>
    public sealed record NotSent(PaymentError Error) : OperationResult;

    /// <summary>Silence, a broken connection, a server error, or an answer that makes no sense. It may or may not be done.</summary>
    /// <param name="Reason">As in <see cref="ChargeResult.Unknown"/>.</param>
    public sealed record Unknown(string Reason) : OperationResult;
}
