using OrleansPayments.Benchmarks.Engine.Grains;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>The bare mailboxes, two rows of them: those that are called and those that these ask.</summary>
internal sealed class MailboxContestant : IContestant
{
    private readonly BareMailbox[] _known =
        [.. Enumerable.Range(0, EngineScenario.Spread).Select(_ => new BareMailbox(new BareMailbox(behind: null)))];

    public string Name => ContestantNames.Mailbox;

    // Without identities there is nothing to activate.
    public Sample? Measure(EngineScenario scenario, EngineWindow window, CancellationToken stop) => scenario == EngineScenario.Activation
        ? null
        : new CallLoad<Asks>(new(_known, scenario.Kind), scenario.Callers, scenario.Targets).Run(window, stop);

    public void Dispose()
    {
    }

    private readonly struct Asks(BareMailbox[] known, CallKind kind) : ICall
    {
        public Task<bool> To(int target) => known[target].Ask(kind, Question.Example);
    }
}
