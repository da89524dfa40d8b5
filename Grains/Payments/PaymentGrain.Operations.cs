using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// Captures and cancellations: recorded, sent, concluded. One that nobody knows the outcome of is sent again under the same reference: that is the question, because
// the provider answers what it did, or does now what never arrived. It needs no card.
internal sealed partial class PaymentGrain
{
    public Task<Outcome<PaymentAnswer>> Capture(CapturePayment command) =>
        Operate(command.Identity, state => PaymentMachine.StartCapture(state, command));

    public Task<Outcome<PaymentAnswer>> Cancel(CancelPayment command) =>
        Operate(command.Identity, state => PaymentMachine.StartCancel(state, command));

    private async Task<Outcome<PaymentAnswer>> Operate(RequestIdentity? request, Func<PaymentState, Outcome<PaymentEvent>> start)
    {
        if (State is null) return NotFound();
        if (Find(request) is { } known) return Repeat(known, request!) ?? await RepeatOperation(known, request!);

        await ExpireWhenDue();
        if (!start(State).TryGet(out var intended, out var refusal)) return refusal;

        // Nothing is recorded that could not be sent: a connector always grants to release, and to capture while it is not disabled. What was not sent yet needs none.
        ConnectorPermit? permit = null;
        if (State.Connector is { } connector)
        {
            var isCapture = intended is CaptureStarted;
            permit = await RequestPermit(connector.Value, isCapture ? PermitPurpose.Operation : PermitPurpose.Inquiry);
            if (permit is null) return isCapture ? PaymentRefusals.ConnectorDisabled : PaymentRefusals.ConnectorGone;
        }

        Refusal? late = null;
        await Decide(state => Started(start(state), request, out late));
        if (late is not null) return late;

        if (permit is not null) await SendOpenOperation(permit, isRepetition: false, Waiting.Caller(request));
        Watch();
        return await Answer(request, replayed: false);
    }

    // A payment that was never sent is cancelled by the word alone.
    private static PaymentEvent[] Started(Outcome<PaymentEvent> start, RequestIdentity? request, out Refusal? refusal)
    {
        if (!start.TryGet(out var started, out refusal)) return [];
        return started is PaymentCancelled ? Waiting.Caller(request).Hears(started) : [started];
    }

    private OperationRequest? Find(RequestIdentity? request) => request is null ? null : State!.Requests.GetValueOrDefault(request.Key);

    // Null when the request was known and never answered.
    private static Outcome<PaymentAnswer>? Repeat(OperationRequest known, RequestIdentity request)
    {
        if (known.Fingerprint != request.Fingerprint) return PaymentRefusals.IdempotencyMismatch;
        if (known.Answer is not { } answer) return null;
        return new PaymentAnswer(answer, Replayed: true);
    }

    // The same request again. Where the first one ended without an answer and its operation is still open, sending it again is the surest question.
    private async Task<Outcome<PaymentAnswer>> RepeatOperation(OperationRequest known, RequestIdentity request)
    {
        if (State!.OpenOperation is { } open && open.Number == known.Operation
            && await RequestPermit(State.Connector?.Value, PermitPurpose.Inquiry) is { } permit
            && connectors.IsRemembered(permit, open.StartedAt))
        {
            await SendOpenOperation(permit, isRepetition: true, Waiting.Caller(request));
        }

        return await Answer(request, replayed: true);
    }

    // As it was recorded: the payment may have moved on since. Where the request had its outcome without anybody to hear it (the silo died, or a notice came first),
    // this is its answer, and stays it.
    private async Task<PaymentAnswer> Answer(RequestIdentity? request, bool replayed)
    {
        if (Find(request) is { Answer: null })
            await Decide(state => Find(request) is { Answer: null } ? Waiting.Caller(request).Hears() : []);
        return new PaymentAnswer(Find(request)?.Answer ?? State!.ToView(), replayed);
    }

    private async Task SendOpenOperation(ConnectorPermit permit, bool isRepetition, Waiting waiting)
    {
        // A notice may have ended it while the permit was asked for.
        if (State is not { OpenOperation: { } open } state) return;
        try
        {
            var result = await SendOperation(permit, state, open);
            LogOperated(Id, open.Number, permit.Connector.Value, result.GetType().Name);
            await Decide(now => PaymentMachine.ConcludeOperation(now, open.Number, result, isRepetition, waiting));
        }
        finally
        {
            Watch();
        }
    }

    private Task<OperationResult> SendOperation(ConnectorPermit permit, PaymentState state, OpenOperation open)
    {
        var attempt = new AttemptReference(Id, state.Attempts);
        var charge = state.ConnectorReference ?? throw new InvalidOperationException($"Payment {Id} has no charge to operate on.");
        return open.Amount is { } amount
            ? connectors.Capture(permit, new CaptureRequest(
                new OperationReference(attempt, "capture", open.Number), charge, amount, state.AmountCaptured, open.IsFinal))
            : connectors.Cancel(permit, new CancelRequest(new OperationReference(attempt, "cancel", open.Number), charge, state.Amount));
    }

    private Refusal NotFound()
    {
        DeactivateOnIdle();
        return PaymentRefusals.NotFound;
    }
}
