using Orleans.Simulation;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// Sees that a kept card goes when its payment needs it no more. Only where the silo ended in between, never knew that its entry was committed, or the vault refused,
/// the vault's own time limit is what remains.
/// </summary>
internal sealed class CardAudit(PaymentWorld world, CardStore cards, FaultPlan faults)
{
    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(2);

    private readonly HashSet<PaymentId> _ended = [];

    /// <param name="knownAfter">When the silo knows of the commit; null: never.</param>
    public void OnCommit(PaymentView payment, SimulatedProcess silo, TimeSpan? knownAfter)
    {
        if (!cards.Keeps(payment.Id, out _)) return;
        if (cards.LimitOf(payment.Id) > SimulationLoop.Epoch + world.Loop.Elapsed + faults.ConfirmWithin + faults.ActWithin + LongestLimit)
        {
            world.Fail($"the card of {payment.Id} would be kept until {cards.LimitOf(payment.Id)}");
        }

        if (payment.Status is PaymentStatus.Created or PaymentStatus.Processing or PaymentStatus.RequiresAction || !_ended.Add(payment.Id) || knownAfter is not { } after) return;
        world.Loop.Outside.After(after + (CardStore.LongestLatency * 2), () =>
        {
            if (silo.IsAlive && cards.Keeps(payment.Id, out var wasRefused) && !wasRefused) world.Fail($"{payment.Id} ended as {payment.Status} and its card is still kept");
        });
    }
}
