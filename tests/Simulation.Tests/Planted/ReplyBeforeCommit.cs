using Orleans.Simulation;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.Planted;

/// <summary>The merchant hears the outcome before it is written.</summary>
internal sealed class ReplyBeforeCommit() : PlantedBug("reply-before-commit")
{
    public override IJournal Wrap(IJournal journal, SimulatedProcess silo) =>
        new EarlyAnswers(journal, silo, static events => events.Contains("\"payment.caller_answered\"", StringComparison.Ordinal));
}
