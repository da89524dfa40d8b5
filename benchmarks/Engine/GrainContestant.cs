using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansPayments.Benchmarks.Engine.Grains;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>An engine, called by references that exist already, as callers within its own process see it.</summary>
internal sealed class GrainContestant : IContestant
{
    private readonly IHost _host;
    private readonly IGrainFactory _grains;
    private readonly IEchoGrain[] _known;
    private long _nextKey = EngineScenario.Spread;

    /// <param name="host">Has an engine with the grains of this assembly; started here, and stopped when this is disposed of.</param>
    public GrainContestant(string name, IHost host)
    {
        Name = name;
        _host = host;
        _host.Start();
        _grains = host.Services.GetRequiredService<IGrainFactory>();
        _known = [.. Enumerable.Range(0, EngineScenario.Spread).Select(key => _grains.GetGrain<IEchoGrain>(key))];
    }

    public string Name { get; }

    public Sample? Measure(EngineScenario scenario, EngineWindow window, CancellationToken stop)
    {
        if (scenario == EngineScenario.Activation) return Activate(scenario.Targets, scenario.Callers);
        return scenario.Kind switch
        {
            CallKind.Immediate => new CallLoad<Answers>(new(_known), scenario.Callers, scenario.Targets).Run(window, stop),
            CallKind.Hop => new CallLoad<AnswersLater>(new(_known), scenario.Callers, scenario.Targets).Run(window, stop),
            CallKind.TwoGrains => new CallLoad<AsksOn>(new(_known), scenario.Callers, scenario.Targets).Run(window, stop),
        };
    }

    public void Dispose()
    {
        _host.StopAsync().GetAwaiter().GetResult();
        _host.Dispose();
    }

    private Sample Activate(int count, int callers)
    {
        var before = BytesKept();
        var first = _nextKey;
        var used = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallNewOnesAsync))).GetAwaiter().GetResult();
        var elapsed = Stopwatch.GetElapsedTime(started);
        used = Environment.CpuUsage.TotalTime - used;
        _nextKey = first + count;
        return new Sample(count / elapsed.TotalSeconds, used.TotalNanoseconds / count, (double)(BytesKept() - before) / count);

        async Task CallNewOnesAsync()
        {
            for (var key = Interlocked.Increment(ref _nextKey); key <= first + count; key = Interlocked.Increment(ref _nextKey))
                await _grains.GetGrain<IEchoGrain>(key).Answer(Question.Example).ConfigureAwait(false);
        }
    }

    private static long BytesKept()
    {
        // Twice: what had a finalizer is gone only after the second.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private readonly struct Answers(IEchoGrain[] known) : ICall
    {
        public Task<bool> To(int target) => known[target].Answer(Question.Example);
    }

    private readonly struct AnswersLater(IEchoGrain[] known) : ICall
    {
        public Task<bool> To(int target) => known[target].AnswerLater(Question.Example);
    }

    private readonly struct AsksOn(IEchoGrain[] known) : ICall
    {
        public Task<bool> To(int target) => known[target].AskOn(Question.Example);
    }
}
