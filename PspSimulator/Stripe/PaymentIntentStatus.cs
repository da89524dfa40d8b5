namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The <c>status</c> of a PaymentIntent (docs.stripe.com/payments/paymentintents/lifecycle).</summary>
internal enum PaymentIntentStatus
{
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    RequiresCapture,
    Succeeded,
    Canceled,
}
