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

    /// <summary>The event that starts a cancellation, or is one where nothing was sent yet.</summary>
    public static Outcome<PaymentEvent> StartCancel(PaymentState state, CancelPayment command)
    {
        if (state.Status == PaymentStatus.Created) return new PaymentCancelled(command.Reason, command.Identity);
        if (state.Status is not (PaymentStatus.Authorized or PaymentStatus.RequiresAction)) return InvalidState(state, "cancelled");
        if (state.Operations >= MaxOperations) return PaymentRefusals.TooManyOperations;
        return new CancelStarted(state.Operations + 1, command.Reason, command.Identity);
    }

    /// <summary>The event that takes back a charge which the payer did not act on in time; none when that is not how things stand.</summary>
    public static PaymentEvent[] StartExpiry(PaymentState state)
    {
        if (state.Status != PaymentStatus.RequiresAction) return [];
        // As many cancellations were refused as there may be: that the payer still can pay is for a person to end.
        if (state.Operations >= MaxOperations) return state.WorkItem is null ? [new AttemptOutcomeUnknown(state.OpenAttempt!.Number, "cannot_be_taken_back", null), new WorkItemOpened(WorkItemReasons.OutcomeUnknown)] : [];
        return [new CancelStarted(state.Operations + 1, Reason: null, Request: null, IsExpiry: true)];
    }

    /// <summary>The events that a connector's word on an operation brings about; nothing new when it says nothing new, or the operation has its outcome already.</summary>
    /// <param name="isRepetition">The operation was sent before: that this sending did nothing says nothing of the earlier one.</param>
    public static PaymentEvent[] ConcludeOperation(PaymentState state, int operation, OperationResult result, bool isRepetition, Waiting waiting)
    {
        if (state.OpenOperation is not { } open || open.Number != operation) return waiting.Hears();

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
        return concluded is null ? waiting.Hears() : waiting.Hears(concluded with { Exchange = result.Exchange });

        // That nobody knows is news only to somebody who waits.
        PaymentEvent? Unresolved(string reason) => waiting.IsSomeone ? new OperationOutcomeUnknown(open.Number, reason) : null;
    }

    private static PaymentState? ApplyToOperations(PaymentState state, PaymentEvent happened, DateTimeOffset at) => happened switch
    {
        CaptureStarted e => Start(state, new OpenOperation(e.Operation, e.Amount, e.IsFinal, null, at), e.Request),
        CancelStarted e => Start(state, new OpenOperation(e.Operation, null, true, e.Reason, at, e.IsExpiry), e.Request),
        CaptureSucceeded e => Move(state, e.AmountCaptured == state.Amount ? PaymentTrigger.CapturedInFull : PaymentTrigger.CapturedInPart) with
        {
            AmountCaptured = e.AmountCaptured,
            LastError = null,
            OpenOperation = null,
        },
        CancelSucceeded when state.OpenOperation is { IsExpiry: true } => Move(state, PaymentTrigger.Expired) with
        {
            LastError = PaymentErrors.Expired,
            OpenAttempt = null,
            OpenOperation = null,
        },
        CancelSucceeded => Move(state, PaymentTrigger.Released) with
        {
            CancellationReason = state.OpenOperation?.Reason,
            LastError = null,
            OpenAttempt = null,
            OpenOperation = null,
        },

        // What the payer had to act on could not be taken back, so something became of it: it is asked after.
        OperationRefused when state.OpenAttempt is not null => Move(state, PaymentTrigger.OutcomeUnknown) with { OpenOperation = null },
        OperationRefused e => Move(state, state.AmountCaptured.MinorUnits == 0 ? PaymentTrigger.BackToAuthorized : PaymentTrigger.BackToPartiallyCaptured) with
        {
            LastError = e.Error,
            OpenOperation = null,
        },
        OperationOutcomeUnknown => Move(state, PaymentTrigger.OutcomeUnknown),
        OperationAnswered => state,
        _ => null,
    };

    private static PaymentState Start(PaymentState state, OpenOperation operation, RequestIdentity? request) =>
        Move(Remember(state, request, operation.Number), PaymentTrigger.OperationStarted) with { Operations = operation.Number, OpenOperation = operation };

    private static PaymentState Remember(PaymentState state, RequestIdentity? request, int operation = 0) => request is null
        ? state
        : state with { Requests = state.Requests.SetItem(request.Key, new OperationRequest(request.Fingerprint, operation, null)) };

    private static bool Agrees(PaymentState state, OpenOperation open, OperationResult.Done done) =>
        done.AmountCaptured == (open.Amount is { } amount ? state.AmountCaptured + amount : state.AmountCaptured);

    private static Refusal InvalidState(PaymentState state, string done) =>
        new(RefusalCode.InvalidState, $"A payment that is {NameOf(state.Status)} cannot be {done}.");

    private static string NameOf<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
