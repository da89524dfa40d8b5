using System.Text.Json;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// Captures and cancellations of what was authorised. One at a time: while one has no outcome, every other is refused, so the sum captured can never pass the amount.
internal static partial class PaymentMachine
{
    /// <summary>The most captures and cancellations of one payment, refused ones included.</summary>
    public const int MaxOperations = 100;

    /// <summary>The event that starts a capture.</summary>
    public static Outcome<PaymentEvent> StartCapture(PaymentState state, CapturePayment command)
    {
        if (state.Capturable.MinorUnits == 0) return InvalidState(state, "captured");
        if (state.Operations >= MaxOperations) return PaymentRefusals.TooManyOperations;

        var amount = command.Amount is { } asked ? Money.FromMinorUnits(asked, state.Amount.Currency) : state.Capturable;
        if (amount.MinorUnits > state.Capturable.MinorUnits)
        {
            return new Refusal(RefusalCode.AmountExceedsCapturable, $"At most {state.Capturable.MinorUnits} can be captured.", "/amount");
        }

        var isFinal = state.CaptureMethod == CaptureMethod.Manual || amount == state.Capturable;
        return new CaptureStarted(state.Operations + 1, amount, isFinal, command.Identity);
    }

    /// <summary>The event that starts a cancellation.</summary>
    public static Outcome<PaymentEvent> StartCancel(PaymentState state, CancelPayment command)
    {
        if (state.Status != PaymentStatus.Authorized) return InvalidState(state, "cancelled");
        if (state.Operations >= MaxOperations) return PaymentRefusals.TooManyOperations;
        return new CancelStarted(state.Operations + 1, command.Reason, command.Identity);
    }

    /// <summary>The events that a connector's word on the open operation brings about; none when it says nothing new.</summary>
    /// <param name="isRepetition">The operation was sent before: that this sending did nothing says nothing of the earlier one.</param>
    /// <param name="answers">The request whose caller waits for this, if it can be repeated.</param>
    /// <param name="answersCaller">A caller waits for this.</param>
    public static PaymentEvent[] Conclude(PaymentState state, OperationResult result, bool isRepetition, RequestIdentity? answers, bool answersCaller)
    {
        if (state.OpenOperation is not { } open) throw new InvalidOperationException($"Payment {state.Id} has no open operation.");

        PaymentEvent? concluded = result switch
        {
            OperationResult.Done done when !Agrees(state, open, done) => Unresolved("contradictory_answer"),
            OperationResult.Done done when open.IsCapture => new CaptureSucceeded(open.Number, done.AmountCaptured),
            OperationResult.Done => new CancelSucceeded(open.Number),
            OperationResult.Refused refused => new OperationRefused(open.Number, refused.Error),
            OperationResult.NotSent when isRepetition => Unresolved("repetition_refused"),
            OperationResult.NotSent notSent => new OperationRefused(open.Number, notSent.Error),
            OperationResult.Unknown unknown => Unresolved(unknown.Reason),
            _ => throw new InvalidOperationException($"Unexpected result {result.GetType().Name}."),
        };
        if (concluded is null) return [];
        return answers is null ? [concluded] : [concluded, new OperationAnswered(answers.Key)];

        // That nobody knows is news only to somebody who waits.
        PaymentEvent? Unresolved(string reason) => answersCaller ? new OperationOutcomeUnknown(open.Number, reason) : null;
    }

    private static PaymentState? ApplyToOperations(PaymentState state, PaymentEvent happened, DateTimeOffset at) => happened switch
    {
        CaptureStarted e => Start(state, new OpenOperation(e.Operation, e.Amount, e.IsFinal, null, at), e.Request),
        CancelStarted e => Start(state, new OpenOperation(e.Operation, null, true, e.Reason, at), e.Request),
        CaptureSucceeded e => Move(state, e.AmountCaptured == state.Amount ? PaymentTrigger.CapturedInFull : PaymentTrigger.CapturedInPart) with
        {
            AmountCaptured = e.AmountCaptured,
            LastError = null,
            OpenOperation = null,
        },
        CancelSucceeded => Move(state, PaymentTrigger.Released) with
        {
            CancellationReason = state.OpenOperation?.Reason,
            LastError = null,
            OpenOperation = null,
        },
        OperationRefused e => Move(state, state.AmountCaptured.MinorUnits == 0 ? PaymentTrigger.BackToAuthorized : PaymentTrigger.BackToPartiallyCaptured) with
        {
            LastError = e.Error,
            OpenOperation = null,
        },
        OperationOutcomeUnknown => Move(state, PaymentTrigger.OutcomeUnknown),
        OperationAnswered => state,
        _ => null,
    };

    private static PaymentState Start(PaymentState state, OpenOperation operation, RequestIdentity? request)
    {
        var started = Move(state, PaymentTrigger.OperationStarted) with { Operations = operation.Number, OpenOperation = operation };
        return request is null
            ? started
            : started with { Requests = state.Requests.Add(request.Key, new OperationRequest(request.Fingerprint, operation.Number, null)) };
    }

    private static bool Agrees(PaymentState state, OpenOperation open, OperationResult.Done done) =>
        done.AmountCaptured == (open.Amount is { } amount ? state.AmountCaptured + amount : state.AmountCaptured);

    private static Refusal InvalidState(PaymentState state, string done) =>
        new(RefusalCode.InvalidState, $"A payment that is {JsonNamingPolicy.SnakeCaseLower.ConvertName(state.Status.ToString())} cannot be {done}.");
}
