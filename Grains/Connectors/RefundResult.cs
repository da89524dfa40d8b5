using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What a provider said of a refund, or did not.</summary>
public abstract record RefundResult : ProviderResult
{
    private RefundResult()
    {
    }

    /// <summary>The provider has given the money back. A bank may still return it, and then the same refund is found <see cref="Failed"/>.</summary>
    /// <param name="RefundReference">The provider's id of the refund.</param>
    public sealed record Succeeded(string RefundReference, Money Amount) : RefundResult;

    /// <summary>The provider has it and has not given the money back yet.</summary>
    public sealed record Pending(string RefundReference) : RefundResult;

    /// <summary>The provider made the refund and it failed, or was given up; definite, and nothing was given back.</summary>
    public sealed record Failed(PaymentError Error, string RefundReference) : RefundResult;

    /// <summary>
    /// The provider made no refund, for the charge's sake (given back already, disputed, more than was taken) or its balance's; definite for a reference that it
    /// still remembers, and nothing was given back under it.
    /// </summary>
    public sealed record Refused(PaymentError Error) : RefundResult;

    /// <summary>The provider did not look at the charge at all (wrong credentials, rate limit, no connection): this sending did nothing.</summary>
    public sealed record NotSent(PaymentError Error) : RefundResult;

    /// <summary>Silence, a broken connection, a server error, or an answer that makes no sense. The money may or may not be given back.</summary>
    /// <param name="Reason">As in <see cref="ChargeResult.Unknown"/>.</param>
    public sealed record Unknown(string Reason) : RefundResult;

    /// <summary>Answer to an inquiry: the provider knows no such refund, as yet.</summary>
    public sealed record NotFound : RefundResult;
}
