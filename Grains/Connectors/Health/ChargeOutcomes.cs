using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>What a provider's answer says of its health.</summary>
internal static class ChargeOutcomes
{
    public static ChargeOutcome Of(ChargeResult result) => result switch
    {
        ChargeResult.Approved or ChargeResult.Authorized => ChargeOutcome.Approved,
        ChargeResult.Declined => ChargeOutcome.Declined,
        ChargeResult.ActionRequired or ChargeResult.Pending => ChargeOutcome.Undecided,

        // What may work later was refused on the connector's account; what will not, on this request's: a merchant's bad requests must not open it for everyone.
        ChargeResult.Rejected rejected => rejected.Error.Advice == RetryAdvice.RetryLater ? ChargeOutcome.Refused : ChargeOutcome.Undecided,
        ChargeResult.NotSent => ChargeOutcome.NotSent,
        _ => ChargeOutcome.Unknown,
    };

    public static bool IsTechnicalSuccess(this ChargeOutcome outcome) =>
        outcome is ChargeOutcome.Approved or ChargeOutcome.Declined or ChargeOutcome.Undecided;
}
