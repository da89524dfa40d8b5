using System.Collections.Frozen;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>After which end of an attempt the next connector may be tried: only where provably nothing was taken, and another connector may answer otherwise.</summary>
/// <remarks>
/// Sources: docs.stripe.com/declines/codes; the networks' rules on re-attempts, by which a refused card that is presented again can cost its merchant a fee.
/// docs/adr/0012-failover.md tells why each.
/// </remarks>
internal static class Failover
{
    // By our own codes, which every adapter translates its provider's into: the way to the issuer failed, and not the card.
    private static readonly FrozenSet<string> OnTheWay = new[] { "processing_error", "issuer_unavailable" }.ToFrozenSet(StringComparer.Ordinal);

    // ISO 8583 response 05: the issuer gives no reason, and may judge the same card otherwise when another acquirer presents it.
    private const string WithoutReason = "do_not_honor";

    /// <summary>Null when the payment ends with this, or is to be asked after.</summary>
    /// <param name="wasDeclined">An issuer that gives no reason is asked once more, and not again after that.</param>
    public static string? ReasonOf(ChargeResult result, FailoverSettings settings, bool wasDeclined) => result switch
    {
        ChargeResult.NotSent => RoutingReasons.NotSent,
        ChargeResult.Rejected => RoutingReasons.Rejected,
        ChargeResult.Declined declined when settings.OnDecline && IsRetryable(declined.Error, wasDeclined) => RoutingReasons.Declined,
        _ => null,
    };

    // The advice goes before the code: an issuer that says so does not want to see the card again.
    private static bool IsRetryable(PaymentError error, bool wasDeclined)
    {
        if (error.Advice == RetryAdvice.DoNotRetry) return false;
        return error.ConnectorCode == WithoutReason ? !wasDeclined : error.Advice == RetryAdvice.RetryLater && OnTheWay.Contains(error.Code);
    }
}
