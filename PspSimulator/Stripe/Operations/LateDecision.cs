using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>The bank decides about an intent that is <c>processing</c> some time after the call was answered.</summary>
internal static class LateDecision
{
    public static void Await(StripeAccount account, PaymentIntent intent, Attempts attempts, Later later)
    {
        if (intent.Status == PaymentIntentStatus.Processing)
            later.Run(() => account.Update(intent.Id, StripeCause.Outside(), attempts.DecideLate));
    }
}
