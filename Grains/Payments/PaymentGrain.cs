using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>
/// One payment. Calls do not overlap, but <see cref="Get"/> interleaves with an attempt that waits for its connector. What is decided is in
/// <see cref="PaymentMachine"/>; this class brings it together with routing, the connector and the journal.
/// </summary>
[GrainType("payment")]
internal sealed partial class PaymentGrain(IJournal journal, ConnectorCalls connectors, TimeProvider time, ILogger<PaymentGrain> logger)
    : JournaledGrain<PaymentState, PaymentEvent>(journal, PaymentJson.Default.PaymentEventArray), IPaymentGrain
{
    private InquirySchedule? _inquiries;
    private bool _creating;

    // From when on nothing of this payment can have left for its connector: since this activation began, because an earlier one is gone, or since its own last
    // sending ended. The settling window counts from here and not from the attempt's record, because the charge may be sent long after that, and again.
    // A timestamp of the monotonic clock.
    private long _silentSince;

    private PaymentId Id => PaymentId.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _silentSince = time.GetTimestamp();
        WatchOpenCall(InquirySettings.Default);
    }

    public Task<PaymentView?> Get()
    {
        // A wrong guess of an id should not stay in memory.
        if (State is null && !_creating) DeactivateOnIdle();
        return Task.FromResult(State?.ToView());
    }

    public async Task<PaymentView?> Sync()
    {
        await ResolveOpenCall();
        WatchOpenCall(InquirySettings.Default);
        return State?.ToView();
    }

    public async Task<Outcome<CreatePaymentResult>> Create(CreatePayment command)
    {
        if (State is not null) return await Repeat(State, command);

        _creating = true;
        var decision = await GrainFactory.Routing().Choose(
            new RoutingRequest(Id, command.MerchantId, command.Amount, "card", command.PreferredConnector));
        var permit = await RequestPermit(decision.Chosen, PermitPurpose.Charge);

        // Written before the call, so that a crash leaves a trace to resolve and never a silent charge.
        await Record(PaymentMachine.Open(command, decision, permit?.Connector));
        LogOpened(Id, permit?.Connector.Value ?? "none");
        if (permit is not null) await SendOpenAttempt(State!, permit, command.Card, again: false);
        return new CreatePaymentResult(State!.ToView(), Replayed: false);
    }

    // The same request again. Where the first one ended without an answer and its attempt is still open, sending the same charge with the same reference is
    // the surest question: the provider answers what it did, or does now what it never received, and never twice.
    private async Task<Outcome<CreatePaymentResult>> Repeat(PaymentState state, CreatePayment command)
    {
        if (state.RequestFingerprint != command.RequestFingerprint) return PaymentRefusals.IdempotencyMismatch;
        if (state.FirstAnswer is { } answer) return new CreatePaymentResult(answer, Replayed: true);

        if (state.OpenAttempt is { } open
            && await RequestPermit(open.Connector.Value, PermitPurpose.Inquiry) is { } permit
            && connectors.IsRemembered(permit, open.StartedAt))
        {
            await SendOpenAttempt(state, permit, command.Card, again: true);
        }

        return new CreatePaymentResult(State!.ToView(), Replayed: true);
    }

    private async Task SendOpenAttempt(PaymentState state, ConnectorPermit permit, CardDetails card, bool again)
    {
        var open = state.OpenAttempt!;
        var request = new ChargeRequest
        {
            PaymentId = Id,
            MerchantId = state.MerchantId,
            Reference = new AttemptReference(Id, open.Number),
            Amount = state.Amount,
            Card = card,
            CaptureMethod = state.CaptureMethod,
            Description = state.Description,
            MerchantOrderId = state.MerchantOrderId,
        };
        try
        {
            var result = await Send(permit, request);
            LogAnswered(Id, open.Number, permit.Connector.Value, result.GetType().Name);
            var conclusion = again ? PaymentMachine.JudgeRepetition(result) : result;
            await Record(PaymentMachine.Conclude(state, conclusion, notFoundIsFinal: false, answersCaller: true));
        }
        finally
        {
            WatchOpenCall(permit.Settings.Inquiry);
        }
    }

    private async Task<ChargeResult> Send(ConnectorPermit permit, ChargeRequest request)
    {
        try
        {
            return await connectors.Charge(permit, request);
        }
        finally
        {
            _silentSince = time.GetTimestamp();
        }
    }

    private async Task<ConnectorPermit?> RequestPermit(string? connector, PermitPurpose purpose) =>
        connector is null ? null : await GrainFactory.Connector(ConnectorName.Parse(connector)).RequestPermit(purpose);

    // An attempt or operation without an outcome is asked after until it has one.
    private void WatchOpenCall(InquirySettings settings)
    {
        if (State is not ({ OpenAttempt: not null } or { OpenOperation: not null }))
        {
            _inquiries?.Dispose();
            _inquiries = null;
            return;
        }

        _inquiries ??= new InquirySchedule(this, ResolveOpenCall, TimeSpan.FromMilliseconds(settings.FirstAfterMs));
    }

    // True when there is nothing left to ask.
    private async Task<bool> ResolveOpenCall()
    {
        if (State is { OpenOperation: { } operation }) return await ResolveOpenOperation(operation);
        if (State is not { OpenAttempt: { } open } state) return true;
        if (await RequestPermit(open.Connector.Value, PermitPurpose.Inquiry) is not { } permit) return false;

        // Taken before the question: what arrives while it is on its way was not looked for.
        var silence = time.GetElapsedTime(_silentSince);
        var inquiry = new ChargeInquiry(new AttemptReference(Id, open.Number), state.ConnectorReference, state.Amount, state.CaptureMethod);
        var result = await connectors.FindCharge(permit, inquiry);
        var settled = silence >= TimeSpan.FromSeconds(permit.Settings.Inquiry.NotFoundFinalAfterSeconds);
        LogInquired(Id, open.Number, permit.Connector.Value, result.GetType().Name);
        var events = PaymentMachine.Conclude(state, result, notFoundIsFinal: settled, answersCaller: false);
        if (events.Length > 0) await Record(events);
        return State.OpenAttempt is null;
    }

    protected override PaymentState Apply(PaymentState? state, PaymentEvent happened, int version, DateTimeOffset at) =>
        PaymentMachine.Apply(Id, state, happened, version, at);
}
