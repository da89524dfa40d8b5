namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What refunds do to an intent, without touching anything stored (docs.stripe.com/refunds).</summary>
internal static class Refunds
{
    /// <summary>Gives back some of what was captured.</summary>
    /// <param name="amount">Null gives back all that is left; the amount used comes back.</param>
    /// <param name="problem">Why the intent stays as it is.</param>
    public static PaymentIntent Refund(PaymentIntent intent, ref long? amount, out StripeError? problem)
    {
        var left = intent.LatestCharge is { } paid ? paid.AmountCaptured - paid.AmountRefunded : 0;
        problem = WhyNot(intent, amount, left);
        if (problem is not null) return intent;

        var given = amount ?? left;
        amount = given;
        return intent with { LatestCharge = intent.LatestCharge! with { AmountRefunded = intent.LatestCharge.AmountRefunded + given } };
    }

    /// <summary>A refund failed after all: its money came back.</summary>
    public static PaymentIntent TakeBack(PaymentIntent intent, long amount) =>
        intent with { LatestCharge = intent.LatestCharge! with { AmountRefunded = intent.LatestCharge.AmountRefunded - amount } };

    private static StripeError? WhyNot(PaymentIntent intent, long? amount, long left)
    {
        if (intent.LatestCharge is not { AmountCaptured: > 0 } charge)
        {
            return StripeError.InvalidRequest(
                $"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.", Authorizations.UnexpectedState);
        }

        if (left == 0) return StripeError.InvalidRequest($"Charge {charge.Id} has already been refunded.", "charge_already_refunded");

        // As seen from Stripe, this refusal has a param and no code.
        return amount > left
            ? StripeError.InvalidRequest($"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param: "amount")
            : null;
    }
}
