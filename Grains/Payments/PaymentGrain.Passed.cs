using Orleans.Runtime;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;

namespace OrleansPayments.Grains.Payments;

// Charges that were declined and passed on. A provider may leave one open for another card of whoever knows its secret, so it is given up there once the caller
// has its answer: a few tries, and no promise. One that takes funds all the same surfaces by its notice, or when the payment is asked after.
internal sealed partial class PaymentGrain
{
    private const int MostTriesToGiveUp = 3;

    // The payment's first operation on it, and its only one.
    private const int GivingUp = 1;

    private static readonly TimeSpan BetweenTriesToGiveUp = TimeSpan.FromSeconds(5);

    private readonly HashSet<int> _givenUp = [];
    private IGrainTimer? _givingUp;

    private void GiveUpPassed()
    {
        if (_givingUp is not null || !PassedCharges().Any()) return;
        var tries = 0;
        try
        {
            // Beside whatever the merchant does next: none of that waits for the connector that declined.
            _givingUp = this.RegisterGrainTimer(Try, new GrainTimerCreationOptions(Soon, BetweenTriesToGiveUp) { KeepAlive = true, Interleave = true });
        }
        catch (InvalidOperationException)
        {
            // The activation is ending.
        }

        async Task Try(CancellationToken cancellationToken)
        {
            tries++;
            foreach (var passed in PassedCharges().Where(passed => !_givenUp.Contains(passed.Number)).ToArray()) await GiveUp(passed);
            if (tries >= MostTriesToGiveUp || PassedCharges().All(passed => _givenUp.Contains(passed.Number)))
            {
                _givingUp?.Dispose();
                _givingUp = null;
            }
        }
    }

    private async Task GiveUp(PassedAttempt passed)
    {
        if (await PermitToAsk(passed) is not { } permit) return;
        var reference = new OperationReference(new AttemptReference(Id, passed.Number), "cancel", GivingUp);
        var result = await connectors.Cancel(permit, new CancelRequest(reference, passed.ConnectorReference!, State!.Amount));
        LogGaveUp(Id, passed.Number, passed.Connector.Value, result.GetType().Name);
        if (result is OperationResult.Done or OperationResult.Refused) _givenUp.Add(passed.Number);

        // There is nothing left to give up, or something became of it.
        if (result is OperationResult.Refused) await Inspect(permit, passed);
    }

    private async Task InspectPassed()
    {
        foreach (var passed in PassedCharges().ToArray())
        {
            if (await PermitToAsk(passed) is { } permit) await Inspect(permit, passed);
        }
    }

    private async Task Inspect(ConnectorPermit permit, PassedAttempt passed)
    {
        if (await connectors.Inspect(permit, Id, passed.ConnectorReference!) is { } seen) await Decide(state => PaymentMachine.Inspect(state, seen, ActBefore));
    }

    private IEnumerable<PassedAttempt> PassedCharges() => State?.Passed?.Where(passed => passed.ConnectorReference is not null) ?? [];

    // Not as for the payment's own connector: its settings stay those by which it is asked after.
    private Task<ConnectorPermit?> PermitToAsk(PassedAttempt passed) => GrainFactory.Connector(passed.Connector).RequestPermit(PermitPurpose.Inquiry);
}
