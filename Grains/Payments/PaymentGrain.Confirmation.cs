using System.Security.Cryptography;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

// A payment that is created now and sent later: its card rests in the vault until the attempt has its outcome.
internal sealed partial class PaymentGrain
{
    // The vault destroys a card by itself some time after its payment must have ended, in case the payment never came to be, or a crash came between its end and this.
    private static readonly TimeSpan VaultMargin = TimeSpan.FromDays(1);

    private bool _cardDestroyed;

    public async Task<Outcome<PaymentAnswer>> Confirm(ConfirmPayment command)
    {
        var begun = time.GetTimestamp();
        if (State is null) return NotFound();
        if (Find(command.Identity) is { } known) return await RepeatConfirmation(known, command);

        await ExpireWhenDue();
        if (PaymentMachine.Confirm(State, command).Refusal is { } refusal) return refusal;
        if ((command.Card ?? await OpenCard()) is not { } card) return PaymentRefusals.CardRequired;

        var (decision, permit) = await Route(
            State.MerchantId, State.Amount, State.PreferredConnector, command.Card is { } other ? CardNetworks.Summarize(other) : State.Card, State.Metadata,
            State.BillingCountry);
        var waiting = Waiting.Caller(command.Identity);
        Refusal? late = null;
        await OrGiveBack(permit, Decide(state => Confirmed(state, command, decision, permit, waiting, out late)));
        if (late is not null)
        {
            if (permit is not null) GiveBack(permit);
            return late;
        }

        LogOpened(Id, permit?.Connector.Value ?? "none");
        if (permit is not null) await SendFirst(permit, card, decision, begun, waiting);
        Watch();
        return await Answer(command.Identity, replayed: false);
    }

    private async Task<Outcome<CreatePaymentResult>> CreateUnconfirmed(CreatePayment command)
    {
        // Before the payment is there, so that there is none that cannot be confirmed.
        var confirmBefore = time.GetUtcNow() + options.ConfirmWithin;
        await vault.Store(Id, WithoutSecurityCode(command.Card), confirmBefore + options.ActWithin + VaultMargin);
        await Record(PaymentMachine.Create(command, confirmBefore));
        _cardDestroyed = false;
        Watch();
        return new CreatePaymentResult(State!.ToView(), Replayed: false);
    }

    private async Task<Outcome<PaymentAnswer>> RepeatConfirmation(OperationRequest known, ConfirmPayment command)
    {
        if (Repeat(known, command.Identity!) is { } told) return told;

        if (await PermitToRepeat() is { } permit && (command.Card ?? await OpenCard()) is { } card)
        {
            await SendAgain(permit, card, Waiting.Caller(command.Identity));
        }

        return await Answer(command.Identity, replayed: true);
    }

    private PaymentEvent[] Confirmed(
        PaymentState state, ConfirmPayment command, RoutingDecision decision, ConnectorPermit? permit, Waiting waiting, out Refusal? refusal)
    {
        if (!PaymentMachine.Confirm(state, command).TryGet(out var confirmed, out refusal)) return [];
        var returnUrl = ReturnAddressFor(state.ReturnUrl);
        return [confirmed, .. PaymentMachine.Route(state.Attempts + 1, decision, permit?.Connector, returnUrl, waiting, permit?.CredentialsVersion)];
    }

    // One that does not open any more is as good as gone: the merchant can send it again.
    private async Task<CardDetails?> OpenCard()
    {
        try
        {
            return await vault.Open(Id);
        }
        catch (CryptographicException e)
        {
            LogCardUnreadable(e, Id);
            return null;
        }
    }

    // It may be used for one authorisation and never rests anywhere: the vault is not even shown it.
    private static CardDetails WithoutSecurityCode(CardDetails card) => new(card.Number, card.ExpiryMonth, card.ExpiryYear, securityCode: null, card.HolderName);

    private async Task DestroyCardWhenDone()
    {
        if (_cardDestroyed || State is not { CardKept: true, NeedsCard: false }) return;
        _cardDestroyed = true;
        try
        {
            await vault.Destroy(Id);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What happened is durable and must be answered; the vault destroys the card when its time has come.
            LogCardNotDestroyed(e, Id);
        }
    }
}
