using BenchmarkDotNet.Attributes;
using OrleansPayments.Connectors;

namespace OrleansPayments.Benchmarks.Routing;

/// <summary>One connector's word on its health, as the grain takes it, up to ten a second from each connector.</summary>
public class DirectoryBenchmark
{
    // As many views as there are connectors are made before, so that making them does not count.
    private RoutingWorld _world = null!;
    private ConnectorHealthView[] _views = [];
    private long _sequence;

    [Params(16, 128, 1000)]
    public int Connectors { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _world = new RoutingWorld(Connectors);
        _views = [.. Enumerable.Range(0, Connectors).Select(_world.Health)];
        _sequence = _views[^1].Sequence;
    }

    /// <summary>The copy of the view, 112 bytes, counts: each must have a sequence of its own.</summary>
    [Benchmark]
    public object ReportHealth() => _world.Grain.ReportHealth(_views[(int)(++_sequence % _views.Length)] with { Sequence = _sequence });
}
