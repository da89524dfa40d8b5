using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>For whom a payment is to be made.</summary>
internal readonly record struct PayingMerchant(MerchantId Id, MerchantStatus Status)
{
    /// <summary>Why it takes no new payments; null when it does.</summary>
    public Problem? Refusal => RefusalOf(Status);

    public static Problem? RefusalOf(MerchantStatus status) => status switch
    {
        MerchantStatus.Active => null,
        MerchantStatus.Suspended => ProblemCatalogue.MerchantSuspended.With("The merchant is suspended: it takes no new payments until it is activated."),
        MerchantStatus.Closed => ProblemCatalogue.MerchantClosed.With("The merchant is closed: it takes no new payments."),
        _ => throw new InvalidOperationException($"Unknown status {status}."),
    };
}
