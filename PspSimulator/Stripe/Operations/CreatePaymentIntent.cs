using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe.Operations;

/// <summary>docs.stripe.com/api/payment_intents/create</summary>
internal sealed class CreatePaymentIntent(TimeProvider time, RandomSource random, CardVault vault, Attempts attempts, Later later) : IStripeOperation
{
    public string Method => HttpMethods.Post;

    public string Path => "/v1/payment_intents";

    public Operation? Kind => Operation.Create;

    public PreparedCall Prepare(StripeCall call)
    {
        var (parameters, error) = PaymentIntentParameters.Parse(call.Fields, creating: true);
        if (error is not null) return PreparedCall.Refuse(error);
        if (parameters.Confirm && !parameters.HasPaymentMethod) return PreparedCall.Refuse(ConfirmPaymentIntent.NoPaymentMethod);
        return PreparedCall.Run(decline => Execute(call, parameters, decline));
    }

    private StripeReply Execute(StripeCall call, PaymentIntentParameters parameters, CardDecline? decline)
    {
        var now = time.GetUtcNow();
        var (card, refusal) = PaymentMethodResolver.Resolve(parameters, vault, now);

        // As at Stripe, a card that cannot be one makes no intent: the payment method fails before it.
        if (refusal is not null) return StripeReply.Of(StatusCodes.Status402PaymentRequired, refusal.ToError(charge: null, card: null));

        var intent = New(parameters, card, now);
        if (parameters.Confirm)
        {
            intent = attempts.Confirm(
                intent, card!, parameters.OffSession, parameters.ErrorOnRequiresAction, decline, call.AuthenticationUrl(intent.Id));
        }

        call.Account.Add(intent, call.Cause);
        LateDecision.Await(call.Account, intent, attempts, later);
        return Attempts.ReplyTo(intent);
    }

    private PaymentIntent New(PaymentIntentParameters parameters, StripeCard? card, DateTimeOffset now) => new()
    {
        Id = random.NextId("pi_"),
        Amount = parameters.Amount!.Value,
        Currency = parameters.Currency!,
        Status = card is null ? PaymentIntentStatus.RequiresPaymentMethod : PaymentIntentStatus.RequiresConfirmation,
        CaptureMethod = parameters.CaptureMethod ?? CaptureMethod.AutomaticAsync,
        Created = now,
        Metadata = parameters.Metadata,
        Card = card,
        Multicapture = parameters.Multicapture ?? false,
        ReturnUrl = parameters.ReturnUrl,
        Customer = parameters.Customer,
        Description = parameters.Description,
        ReceiptEmail = parameters.ReceiptEmail,
        SetupFutureUsage = parameters.SetupFutureUsage,
        StatementDescriptor = parameters.StatementDescriptor,
        StatementDescriptorSuffix = parameters.StatementDescriptorSuffix,
    };
}
