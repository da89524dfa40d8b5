namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>The <c>capture_method</c> of a PaymentIntent.</summary>
internal enum CaptureMethod
{
    Automatic,

    /// <summary>Stripe's default since API version 2024-04-10; here it captures at once like <see cref="Automatic"/>.</summary>
    AutomaticAsync,
    Manual,
}
