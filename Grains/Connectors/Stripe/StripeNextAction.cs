using System.Text.Json;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors.Stripe;

/// <summary>What an intent in <c>requires_action</c> wants of the payer.</summary>
/// <remarks>Source: docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action, docs.stripe.com/payments/3d-secure/authentication-flow.</remarks>
internal static class StripeNextAction
{
    /// <summary>False when the intent contradicts itself: no action, or an address that no payer may be sent to.</summary>
    /// <param name="action">Null when there is one that only Stripe's own scripts could follow.</param>
    public static bool TryRead(JsonElement intent, out NextAction? action)
    {
        action = null;
        if (StripeJson.Child(intent, "next_action") is not { } next) return false;

        switch (StripeJson.Name(next, "type"))
        {
            case null:
                return false;
            case "redirect_to_url":
                action = StripeJson.Child(next, "redirect_to_url") is { } redirect ? PayerRedirect.To(StripeJson.Text(redirect, "url")) : null;
                return action is not null;
            default:
                // use_stripe_sdk, which Stripe says where it was given no return_url, and the actions of other payment methods. Nobody has what it takes to follow
                // them (a publishable key, the client secret), but the intent is open, so it is neither declined nor forgotten: the charge is pending under its id,
                // until Stripe gives it up or somebody cancels it there.
                return true;
        }
    }
}
