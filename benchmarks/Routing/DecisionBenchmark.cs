using BenchmarkDotNet.Attributes;
using OrleansPayments.Routing;

namespace OrleansPayments.Benchmarks.Routing;

/// <summary>One decision in the grain, the explanation of every candidate and the answer's task included.</summary>
public class DecisionBenchmark
{
    private RoutingWorld _world = null!;

    [Params(RoutingStrategies.Priority, RoutingStrategies.WeightedCost, RoutingStrategies.ExpectedValue, RoutingStrategies.VolumeSplit, RoutingStrategies.Rules, "rules, cost")]
    public string Strategy { get; set; } = "";

    [Params(4, 16, 128)]
    public int Connectors { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _world = new RoutingWorld(Connectors);
        _world.Configure(Strategy);
    }

    [Benchmark]
    public object Choose() => _world.Grain.Choose(_world.Request);
}
