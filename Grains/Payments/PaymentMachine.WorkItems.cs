using System.Collections.Immutable;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

// What only a person can find out, and what they found.
internal static partial class PaymentMachine
{
    private static readonly ImmutableArray<PaymentResolution> OfCharge = [PaymentResolution.Captured, PaymentResolution.NotCaptured];
    private static readonly ImmutableArray<PaymentResolution> OfHold = [PaymentResolution.Authorized, PaymentResolution.NotAuthorized];
    private static readonly ImmutableArray<PaymentResolution> OfCancellation = [PaymentResolution.Cancelled, PaymentResolution.NotCancelled];

    /// <summary>The event that hands what is open to a person; none when nothing is, or a person has it already.</summary>
    public static PaymentEvent[] HandOver(PaymentState state, string reason)
    {
        var isOpen = state.Status == PaymentStatus.Processing && (state.OpenAttempt is not null || state.OpenOperation is not null);
        return isOpen && state.WorkItem is null ? [new WorkItemOpened(reason)] : [];
    }

    /// <summary>The event of a person's word.</summary>
    public static Outcome<PaymentEvent> Resolve(PaymentState state, ResolvePayment command)
    {
        if (FindNamed(state, command.ConnectorReference) is { } passed) return ResolvePassed(passed, command);
        if (state.WorkItem is null) return SurfacedOf(state) is null ? InvalidState(state, "resolved: it has no open work item") : PassedChargeToBeNamed(command);
        if (command.ConnectorReference is { } named && !MayBeMeant(state, named)) return OtherCharge;

        var possible = Resolutions(state);
        if (!possible.Contains(command.Resolution))
        {
            return new Refusal(
                RefusalCode.InvalidState, $"What is open on this payment can be resolved as {string.Join(" or ", possible.Select(NameOf))} only.", "/resolution");
        }

        var reference = ReferenceOf(state, command.ConnectorReference);
        if (command.Resolution == PaymentResolution.Authorized && reference is null)
        {
            return new Refusal(
                RefusalCode.InvalidState, "Funds that are held can only be captured by the connector's id of the charge; give it.", "/connector_reference");
        }

        return new WorkItemResolved(command.Resolution, command.Reason, command.ResolvedBy, reference, command.Identity);
    }

    /// <summary>What may be said of what is open.</summary>
    public static ImmutableArray<PaymentResolution> Resolutions(PaymentState state) => state switch
    {
        { OpenOperation: { IsCapture: true } } => OfCharge,
        { OpenOperation: not null } => OfCancellation,
        { OpenAttempt: not null } => state.CaptureMethod == CaptureMethod.Automatic ? OfCharge : OfHold,
        { Surfaced: { } surfaced } => surfaced.AmountCaptured.MinorUnits > 0 ? OfCharge : OfHold,
        _ => [],
    };

    private static PaymentState? ApplyToWorkItems(PaymentState state, PaymentEvent happened, DateTimeOffset at) => happened switch
    {
        WorkItemOpened e => state with { WorkItem = new OpenWorkItem(e.Reason, at) },
        WorkItemResolved e => ApplyResolution(Remember(state, e.Request) with { WorkItem = null }, e, at),
        _ => null,
    };

    // A person's word stands for the provider's, and has the same effect.
    private static PaymentState ApplyResolution(PaymentState state, WorkItemResolved e, DateTimeOffset at) => state switch
    {
        { OpenOperation: { } open } => ApplyToOperations(state, ResultOf(state, open, e), at)!,
        { OpenAttempt: { } open } => Apply(state.Id, state, ResultOf(state, open, e), state.Version, at),
        { Surfaced: { } surfaced } => ApplyToSurfaced(state with { Surfaced = null }, surfaced, e),
        _ => throw new InvalidDataException($"Payment {state.Id} has nothing to resolve."),
    };

    private static PaymentEvent ResultOf(PaymentState state, OpenOperation open, WorkItemResolved e) => e.Resolution switch
    {
        PaymentResolution.Captured => new CaptureSucceeded(open.Number, state.AmountCaptured + open.Amount!.Value),
        PaymentResolution.Cancelled => new CancelSucceeded(open.Number),
        _ => new OperationRefused(open.Number, PaymentErrors.ResolvedAsNotDone),
    };

    private static PaymentEvent ResultOf(PaymentState state, OpenAttempt open, WorkItemResolved e) => e.Resolution switch
    {
        PaymentResolution.Captured => new AttemptApproved(open.Number, e.ConnectorReference, state.Amount),
        PaymentResolution.Authorized => new AttemptAuthorized(open.Number, e.ConnectorReference!, state.Amount),
        _ => new AttemptFailed(open.Number, PaymentErrors.ResolvedAsNotDone),
    };

    private static PaymentState ApplyToSurfaced(PaymentState state, SurfacedCharge surfaced, WorkItemResolved e) => e.Resolution switch
    {
        PaymentResolution.Captured => Move(state, PaymentTrigger.Approved) with
        {
            ConnectorReference = surfaced.ConnectorReference,
            AmountCaptured = surfaced.AmountCaptured,
            LastError = null,
        },
        PaymentResolution.Authorized => Move(state, PaymentTrigger.Authorized) with { ConnectorReference = surfaced.ConnectorReference, LastError = null },

        // The person saw to it that the charge was given back.
        _ => state with { GivenBack = surfaced },
    };

    private static Refusal OtherCharge { get; } = new(
        RefusalCode.InvalidState, "What is open on this payment is about another charge than this one.", "/connector_reference");

    // A charge that the payment knows has its name; of one that it does not know, it is only known which others it is not.
    private static bool MayBeMeant(PaymentState state, string named) => ReferenceOf(state, found: null) is { } known
        ? known == named
        : state.Passed?.Exists(attempt => attempt.ConnectorReference == named || attempt.GivenBack?.ConnectorReference == named) != true;

    private static string? ReferenceOf(PaymentState state, string? found) => state.ConnectorReference ?? state.Surfaced?.ConnectorReference ?? found;
}
