using System.Diagnostics;
using Orleans.Simulation;
using OrleansPayments.Simulation.Planted;

namespace OrleansPayments.Simulation.Running;

/// <summary>Runs many seeds, each on one of a few threads of its own, and keeps the first failures.</summary>
internal sealed class SeedBatch(ulong first, int count, int threads, PlantedBug bug, int mostFailures)
{
    private readonly Lock _gate = new();
    private readonly List<SeedResult> _failures = [];
    private int _next;
    private ulong _hash;
    private long _steps;
    private TimeSpan _virtualTime;
    private int _done;

    public IReadOnlyList<SeedResult> Failures => _failures;

    public int Done => _done;

    public long Steps => _steps;

    public TimeSpan VirtualTime => _virtualTime;

    public TimeSpan RealTime { get; private set; }

    /// <summary>How often what happened to payments, by the events' names: what never happened was not tried.</summary>
    public SortedDictionary<string, int> Happened { get; } = new(StringComparer.Ordinal);

    /// <summary>Of all seeds, whatever thread ran them in whatever order.</summary>
    public ulong Hash => _hash;

    /// <exception cref="SimulationEscapeException">The thread pool or a real timer was used meanwhile, by whichever seed.</exception>
    public void Run(bool guarded)
    {
        // Types are loaded and initialized once, which may use the pool; the seeds that count come after.
        SeedRun.Of(first, bug);
        var guard = guarded ? new SimulationGuard() : null;
        var watch = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, threads).Select(n => new Thread(Work) { Name = $"simulation {n}" }).ToList();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        RealTime = watch.Elapsed;
        guard?.Verify();
    }

    private void Work()
    {
        while (true)
        {
            var index = Interlocked.Increment(ref _next) - 1;
            if (index >= count) return;
            var happened = new Dictionary<string, int>(StringComparer.Ordinal);
            var result = SeedRun.Of(first + (ulong)index, bug, trace: null, happened);
            lock (_gate)
            {
                _done++;
                _hash ^= new SeededRandom(result.Seed ^ result.Hash).NextUInt64();
                _steps += result.Steps;
                foreach (var (type, count) in happened) Happened[type] = Happened.GetValueOrDefault(type) + count;
                _virtualTime += result.Elapsed;
                if (result.Violation is not null) _failures.Add(result);
                if (_failures.Count >= mostFailures) _next = count;
            }
        }
    }
}
