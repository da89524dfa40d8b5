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

    // By the attempt's number. What was cancelled can get no funds any more; what was given up otherwise was seen to have become something else.
    private readonly HashSet<int> _givenUp = [];
    private readonly HashSet<int> _cancelled = [];
    private IGrainTimer? _givingUp;
    private IGrainTimer? _looking;

    private void GiveUpPassed()
    {
        if (_givingUp is not null || !PassedCharges().Any()) return;
        var tries = 0;
        _givingUp = Beside(Try, Soon, BetweenTriesToGiveUp);

        async Task Try(CancellationToken cancellationToken)
        {
            try
            {
                foreach (var passed in PassedCharges().Where(passed => !_givenUp.Contains(passed.Number)).ToArray()) await SeeTo(passed, GiveUp);
            }
            finally
            {
                if (++tries >= MostTriesToGiveUp || PassedCharges().All(passed => _givenUp.Contains(passed.Number)))
                {
                    _givingUp?.Dispose();
                    _givingUp = null;
                }
            }
        }
    }

    // For whoever asks after the payment; what it shows is told to the next who asks.
    private void LookAtPassed()
    {
        if (_looking is not null || !Unsettled().Any()) return;
        _looking = Beside(Look, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        async Task Look(CancellationToken cancellationToken)
        {
            try
            {
                foreach (var passed in Unsettled().ToArray()) await SeeTo(passed, Inspect);
            }
            finally
            {
                _looking?.Dispose();
                _looking = null;
            }
        }

        IEnumerable<PassedAttempt> Unsettled() => PassedCharges().Where(passed => !_cancelled.Contains(passed.Number));
    }

    // Beside whatever the merchant does next: none of that waits for the connector that declined. Null when the activation is ending.
    private IGrainTimer? Beside(Func<CancellationToken, Task> act, TimeSpan due, TimeSpan period)
    {
        try
        {
            return this.RegisterGrainTimer(act, new GrainTimerCreationOptions(due, period) { KeepAlive = true, Interleave = true });
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // What fails of one charge keeps none of the others from being seen to, and is tried as often as one that is not answered.
    private async Task SeeTo(PassedAttempt passed, Func<ConnectorPermit, PassedAttempt, Task> act)
    {
        try
        {
            if (await PermitToAsk(passed) is { } permit) await act(permit, passed);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogPassedNotSeenTo(e, Id, passed.Number, passed.Connector.Value);
        }
    }

    private async Task GiveUp(ConnectorPermit permit, PassedAttempt passed)
    {
        var reference = new OperationReference(new AttemptReference(Id, passed.Number), "cancel", GivingUp);
        var result = await connectors.Cancel(permit, new CancelRequest(reference, passed.ConnectorReference!, State!.Amount));
        LogGaveUp(Id, passed.Number, passed.Connector.Value, result.GetType().Name);
        if (result is OperationResult.Done) _cancelled.Add(passed.Number);

        // Where it is refused there is nothing left to give up, or something became of it: only a look can tell.
        if (result is OperationResult.Done || (result is OperationResult.Refused && await Inspect(permit, passed))) _givenUp.Add(passed.Number);
    }

    /// <returns>Whether it was answered; what it showed is recorded then.</returns>
    private async Task<bool> Inspect(ConnectorPermit permit, PassedAttempt passed)
    {
        if (await connectors.Inspect(permit, Id, passed.ConnectorReference!) is not { } seen) return false;
        await Decide(state => PaymentMachine.Inspect(state, seen, ActBefore));
        return true;
    }

    private IEnumerable<PassedAttempt> PassedCharges() => State?.Passed?.Where(passed => passed.ConnectorReference is not null) ?? [];

    // Not as for the payment's own connector: its settings stay those by which it is asked after.
    private Task<ConnectorPermit?> PermitToAsk(PassedAttempt passed) => GrainFactory.Connector(passed.Connector).RequestPermit(PermitPurpose.Inquiry);
}
