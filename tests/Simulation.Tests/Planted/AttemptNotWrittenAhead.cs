using Orleans.Simulation;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.Planted;

/// <summary>The charge is sent while the record that it will be is still to be written.</summary>
internal sealed class AttemptNotWrittenAhead() : PlantedBug("attempt-not-written-ahead")
{
    public override IJournal Wrap(IJournal journal, SimulatedProcess silo) =>
        new EarlyAnswers(journal, silo, static events => events.Contains("\"attempt.started\"", StringComparison.Ordinal));
}
