namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>An answer before it is written. Immutable, so that a replay writes the same bytes.</summary>
internal sealed record StripeReply(int Status)
{
    /// <summary>The body, or the <c>payment_intent</c> of <see cref="Error"/>.</summary>
    public PaymentIntent? Intent { get; init; }

    public StripeError? Error { get; init; }

    public StripeList? List { get; init; }

    public static StripeReply Ok(PaymentIntent intent) => new(StatusCodes.Status200OK) { Intent = intent };

    public static StripeReply BadRequest(StripeError error) => new(StatusCodes.Status400BadRequest) { Error = error };

    public static StripeReply Of(int status, StripeError error, PaymentIntent? intent = null) => new(status) { Error = error, Intent = intent };
}
