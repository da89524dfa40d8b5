using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>A payment whose connector answers at once.</summary>
internal sealed class FakePayment(FakeEngine engine, string key) : IPaymentGrain
{
    private readonly Dictionary<string, (string Fingerprint, PaymentView Answer)> _requests = [];
    private string? _fingerprint;

    public PaymentView? View { get; set; }

    public async Task<Outcome<CreatePaymentResult>> Create(CreatePayment command)
    {
        await engine.BeforeCharge(command);
        if (View is not null)
        {
            return _fingerprint == command.RequestFingerprint
                ? new CreatePaymentResult(View, Replayed: true)
                : new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body.");
        }

        engine.Charges.Enqueue(command);
        View = Charged(command, key, engine.Time.GetUtcNow());
        _fingerprint = command.RequestFingerprint;
        return new CreatePaymentResult(View, Replayed: false);
    }

    public async Task<PaymentView?> Get()
    {
        await engine.BeforeGet();
        return View;
    }

    public PaymentTraces? Traces { get; set; }

    public Task<PaymentTraces?> GetTraces() => Task.FromResult(Traces);

    public PaymentRouting? Routing { get; set; }

    public Task<PaymentRouting?> GetRouting() => Task.FromResult(Routing);

    public async Task<PaymentView?> Sync()
    {
        engine.Synced.Enqueue(key);
        await engine.BeforeSync();
        return View;
    }

    public Task<Outcome<PaymentAnswer>> Capture(CapturePayment command)
    {
        engine.Captures.Enqueue(command);
        return OperateAsync(command.Identity, view => Captured(view, command.Amount));
    }

    public Task<Outcome<PaymentAnswer>> Cancel(CancelPayment command)
    {
        engine.Cancels.Enqueue(command);
        return OperateAsync(command.Identity, view => view.Status == PaymentStatus.Authorized
            ? view with { Status = PaymentStatus.Cancelled, CancellationReason = command.Reason }
            : new Refusal(RefusalCode.InvalidState, $"A payment that is {Name(view)} cannot be cancelled."));
    }

    public Task<Outcome<PaymentAnswer>> Confirm(ConfirmPayment command)
    {
        engine.Confirms.Enqueue(command);
        return OperateAsync(command.Identity, view =>
        {
            if (view.Status != PaymentStatus.Created) return new Refusal(RefusalCode.InvalidState, $"A payment that is {Name(view)} cannot be confirmed.");
            if (command.Card is null && engine.ForgetsCards) return new Refusal(RefusalCode.CardRequired, "The card is not kept any more.", "/payment_method");
            return view with { Status = PaymentStatus.Captured, AmountCaptured = view.Amount, Card = command.Card is { } card ? Summary(card) : view.Card };
        });
    }

    public async Task<bool> Notify(ChargeNotice notice)
    {
        engine.Notices.Enqueue((key, notice));
        await engine.BeforeOperation();
        return true;
    }

    public Task<Outcome<PaymentAnswer>> Resolve(ResolvePayment command)
    {
        engine.Resolves.Enqueue(command);
        return OperateAsync(command.Identity, view => view.WorkItem?.Resolutions.Contains(command.Resolution) == true
            ? view with { Status = PaymentStatus.Captured, WorkItem = null }
            : new Refusal(RefusalCode.InvalidState, $"A payment that is {Name(view)} cannot be resolved as {command.Resolution}."));
    }

    /// <summary>As if the payment had come into being while its caller was not answered.</summary>
    public void Begin(CreatePayment command) =>
        View = Charged(command, key, engine.Time.GetUtcNow()) with { Status = PaymentStatus.Processing, AmountCaptured = Money.Zero(command.Amount.Currency) };

    private async Task<Outcome<PaymentAnswer>> OperateAsync(RequestIdentity? identity, Func<PaymentView, Outcome<PaymentView>> operate)
    {
        await engine.BeforeOperation();
        if (identity is not null && _requests.TryGetValue(identity.Key, out var known))
        {
            return known.Fingerprint == identity.Fingerprint
                ? new PaymentAnswer(known.Answer, Replayed: true)
                : new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body.");
        }

        if (!operate(View!).TryGet(out var next, out var refusal)) return refusal;
        View = next with { Version = View!.Version + 1 };
        if (identity is not null) _requests.Add(identity.Key, (identity.Fingerprint, View));
        return new PaymentAnswer(View, Replayed: false);
    }

    private static Outcome<PaymentView> Captured(PaymentView view, long? amount)
    {
        if (view.Status is not (PaymentStatus.Authorized or PaymentStatus.PartiallyCaptured))
        {
            return new Refusal(RefusalCode.InvalidState, $"A payment that is {Name(view)} cannot be captured.");
        }

        var left = view.Amount - view.AmountCaptured;
        var asked = amount is { } units ? Money.FromMinorUnits(units, view.Amount.Currency) : left;
        if (asked.MinorUnits > left.MinorUnits)
        {
            return new Refusal(RefusalCode.AmountExceedsCapturable, $"At most {left.MinorUnits} can be captured.", "/amount");
        }

        return view with { Status = asked == left ? PaymentStatus.Captured : PaymentStatus.PartiallyCaptured, AmountCaptured = view.AmountCaptured + asked };
    }

    private static string Name(PaymentView view) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(view.Status.ToString());

    private static PaymentView Charged(CreatePayment command, string key, DateTimeOffset now)
    {
        var card = command.Card;
        var declined = card.Number == "4000000000000002";
        var status = (command.Confirm, declined, command.CaptureMethod) switch
        {
            (false, _, _) => PaymentStatus.Created,
            (_, true, _) => PaymentStatus.Declined,
            (_, _, CaptureMethod.Automatic) => PaymentStatus.Captured,
            _ => PaymentStatus.Authorized,
        };
        return new PaymentView(
            PaymentId.Parse(key), command.MerchantId, status, command.Amount,
            status == PaymentStatus.Captured ? command.Amount : Money.Zero(command.Amount.Currency), Summary(card), command.MerchantOrderId, command.Description,
            command.CustomerId, "card-a", "ch_1",
            declined ? new PaymentError("card_declined", "The issuer declined.", "generic_decline", RetryAdvice.TryOtherMethod) : null,
            "dec_1", command.Metadata, 2, now, now, command.CaptureMethod, CancellationReason: null,
            ReturnUrl: command.ReturnUrl,
            BillingCountry: command.BillingCountry);
    }

    private static CardSummary Summary(CardDetails card) => new("visa", card.Number[..6], card.Number[^4..], card.ExpiryMonth, card.ExpiryYear);
}
