using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Health;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>
/// One payment. Calls do not overlap, but <see cref="Get"/> and <see cref="Notify"/> interleave with an attempt that waits for its connector. What is decided is in
/// <see cref="PaymentMachine"/>; this class brings it together with routing, the connector, the vault and the journal. The parts: creation here,
/// attempts, confirmation, operations, what comes unasked (notices), and what it asks by itself (watch).
/// </summary>
[GrainType("payment")]
internal sealed partial class PaymentGrain(
    IJournal journal,
    ConnectorCalls connectors,
    ICardVault vault,
    IReturnAddress returnAddress,
    PaymentOptions options,
    TimeProvider time,
    ILogger<PaymentGrain> logger)
    : JournaledGrain<PaymentState, PaymentEvent>(journal, PaymentJson.Default.PaymentEventArray), IPaymentGrain
{
    private Task _lastDecision = Task.CompletedTask;
    private bool _creating;
    private bool _sending;

    // From when on nothing of this payment can have left for its connector: since this activation began, because an earlier one is gone, or since its own last
    // sending ended. The settling window counts from here and not from the attempt's record, because the charge may be sent long after that, and again.
    // A timestamp of the monotonic clock.
    private long _silentSince;

    private PaymentId Id => PaymentId.Parse(this.GetPrimaryKeyString());

    private DateTimeOffset ActBefore => time.GetUtcNow() + options.ActWithin;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _silentSince = time.GetTimestamp();
        _cardDestroyed = State is not { NeedsCard: true };
        Watch();
    }

    public Task<PaymentView?> Get()
    {
        // A wrong guess of an id should not stay in memory.
        if (State is null && !_creating) DeactivateOnIdle();
        return Task.FromResult(State?.ToView());
    }

    public async Task<PaymentTraces?> GetTraces()
    {
        if (State is not null) return PaymentTracer.Trace(Id, await LoadEntries());
        if (!_creating) DeactivateOnIdle();
        return null;
    }

    public async Task<PaymentRouting?> GetRouting()
    {
        if (State is not null) return PaymentTracer.LastRoute(Id, await LoadEntries());
        if (!_creating) DeactivateOnIdle();
        return null;
    }

    public async Task<Outcome<CreatePaymentResult>> Create(CreatePayment command)
    {
        if (State is not null) return await Repeat(State, command);

        var begun = time.GetTimestamp();
        _creating = true;
        if (!command.Confirm) return await CreateUnconfirmed(command);

        var (decision, permit) = await Route(
            command.MerchantId, command.Amount, command.PreferredConnector, CardNetworks.Summarize(command.Card), command.Metadata,
            command.BillingCountry);

        // Written before the call, so that a crash leaves a trace to resolve and never a silent charge.
        await OrGiveBack(permit, Record(PaymentMachine.Open(
            command, decision, permit?.Connector, ReturnAddressFor(command.ReturnUrl), permit?.CredentialsVersion)));
        LogOpened(Id, permit?.Connector.Value ?? "none");
        if (permit is not null) await SendFirst(permit, command.Card, decision, begun, Waiting.Creator);
        return new CreatePaymentResult(State!.FirstAnswer ?? State.ToView(), Replayed: false);
    }

    // The same request again. Where the first one ended without an answer and its attempt is still open, sending the same charge with the same reference is
    // the surest question: the provider answers what it did, or does now what it never received, and never twice.
    private async Task<Outcome<CreatePaymentResult>> Repeat(PaymentState state, CreatePayment command)
    {
        if (state.RequestFingerprint != command.RequestFingerprint) return PaymentRefusals.IdempotencyMismatch;
        if (state.FirstAnswer is { } answer) return new CreatePaymentResult(answer, Replayed: true);

        if (await PermitToRepeat() is { } permit) await SendAgain(permit, command.Card, Waiting.Creator);

        // Where the attempt had its outcome before, this is the first answer, and stays it.
        await Decide(now => now.FirstAnswer is null ? Waiting.Creator.Hears() : []);
        return new CreatePaymentResult(State!.FirstAnswer!, Replayed: true);
    }

    // Null where the open attempt is not to be sent again: there is none, it goes its way already (the provider would repeat that the payer must act, who may have
    // acted since), or its provider would not know it again, nor would another account.
    private async Task<ConnectorPermit?> PermitToRepeat()
    {
        if (State is not { Status: PaymentStatus.Processing, OpenAttempt: { } open, OpenOperation: null, ActionAsked: false }) return null;
        var permit = await RequestPermit(open.Connector.Value, PermitPurpose.Inquiry);
        return permit is not null && open.IsOfCredentials(permit) && connectors.IsRemembered(permit, open.StartedAt) ? permit : null;
    }

    // One way: the payment neither waits for it nor fails with it.
    private void Report(ConnectorPermit permit, ChargeOutcome outcome, TimeSpan duration)
    {
        if (permit.Number == 0) return;
        _ = GrainFactory.Connector(permit.Connector).Report(new ChargeReport(permit.Number, outcome, duration));
    }

    // Nothing is sent when the record fails; while the journal is away, permits would run out.
    private async Task OrGiveBack(ConnectorPermit? permit, Task recorded)
    {
        try
        {
            await recorded;
        }
        catch when (permit is not null)
        {
            GiveBack(permit);
            throw;
        }
    }

    private void GiveBack(ConnectorPermit permit) => Report(permit, ChargeOutcome.Unused, TimeSpan.Zero);

    private async Task<ConnectorPermit?> RequestPermit(string? connector, PermitPurpose purpose)
    {
        if (connector is null) return null;
        var permit = await GrainFactory.Connector(ConnectorName.Parse(connector)).RequestPermit(purpose);
        if (permit is not null) _inquiry = permit.Settings.Inquiry;
        return permit;
    }

    // Without a place of the merchant's own to go on to, nobody could follow a redirect.
    private string? ReturnAddressFor(string? merchantsUrl) => merchantsUrl is null ? null : returnAddress.Of(Id);

    // One decision at a time, each on the state as the one before left it: a notice interleaves with whatever waits for a connector.
    private async Task<bool> Decide(Func<PaymentState, PaymentEvent[]> decide)
    {
        var before = _lastDecision;
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastDecision = decided.Task;
        try
        {
            await before;
            var events = decide(State!);
            if (events.Length == 0) return false;
            await Record(events);
        }
        finally
        {
            decided.SetResult();
        }

        await DestroyCardWhenDone();
        return true;
    }

    protected override PaymentState Apply(PaymentState? state, PaymentEvent happened, int version, DateTimeOffset at) =>
        PaymentMachine.Apply(Id, state, happened, version, at);
}
