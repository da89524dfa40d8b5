namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>An answer before it is written. Immutable, so that a replay writes the same bytes.</summary>
internal sealed record StripeReply(int Status)
{
    /// <summary>The body, or the <c>payment_intent</c> of <see cref="Error"/>.</summary>
    public IStripeObject? Body { get; init; }

    public StripeError? Error { get; init; }

    public StripeList? List { get; init; }

    /// <summary>The caller asked for charges in full where an answer has their id otherwise.</summary>
    public bool ExpandCharge { get; init; }

    public static StripeReply Ok(IStripeObject body) => new(StatusCodes.Status200OK) { Body = body };

    public static StripeReply Ok(StripeList list) => new(StatusCodes.Status200OK) { List = list };

    public static StripeReply BadRequest(StripeError error) => new(StatusCodes.Status400BadRequest) { Error = error };

    public static StripeReply NotFound(StripeError error) => new(StatusCodes.Status404NotFound) { Error = error };

    public static StripeReply Of(int status, StripeError error, PaymentIntent? intent = null) => new(status) { Error = error, Body = intent };
}
