using Orleans.Simulation;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.Planted;

/// <summary>The next attempt is sent while the record that the last one was passed on is still to be written.</summary>
internal sealed class PassedOnNotWrittenAhead() : PlantedBug("passed-on-not-written-ahead")
{
    public override IJournal Wrap(IJournal journal, SimulatedProcess silo) =>
        new EarlyAnswers(journal, silo, static events => events.Contains("\"attempt.passed_on\"", StringComparison.Ordinal));
}
