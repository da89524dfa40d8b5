using System.Collections;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>The scenarios in their order; ends all of them, the last first.</summary>
internal sealed class ScenarioList : IEnumerable<IScenario>, IAsyncDisposable
{
    private readonly List<IScenario> _scenarios = [];

    public void Add(IScenario scenario) => _scenarios.Add(scenario);

    public IEnumerator<IScenario> GetEnumerator() => _scenarios.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        foreach (var scenario in Enumerable.Reverse(_scenarios)) await scenario.DisposeAsync();
    }
}
