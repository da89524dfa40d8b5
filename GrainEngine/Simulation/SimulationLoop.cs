using Orleans.Runtime;

namespace Orleans.Simulation;

// How a simulation runs
// =====================
// Everything that happens is one of a few kinds of step: a turn of a grain, a continuation of code outside grains, a timer, the arrival of a simulated answer.
// All of them wait in one list, and one thread takes the next from it at a place that the seed chooses. Time stands still meanwhile; when the list is
// empty, the clock moves to the next timer, and all that fall due at that moment come into the list together. So the seed decides every race that the
// real scheduler, the network and the clock could decide, and the same seed decides it the same way.
//
// A simulated process is what a crash takes away at once: its turns, its timers, what it waited for. What other processes and the world outside know stays.
//
// The engine does its part when its scheduler says that it is deterministic: one turn per run, so that a crash and other grains can come between any two; no
// inline calls; answers that continue at once, so that nothing passes through the thread pool; calls to a grain that is not active yet arrive in any order, as on
// a cluster; and no order taken from a hash table.
//
// Escapes. Whatever comes to the loop from another thread (a continuation of Task.Run, of a real timer, of real I/O) is noted, never run, and fails the run.
// What leaves and never comes back is seen only in the process's counters of the thread pool and of real timers: see SimulationGuard.

/// <summary>
/// The one thread, the one clock and the one generator of a simulation. Used only from the thread that made it; bounded by the limits of <see cref="RunUntil"/>.
/// </summary>
public sealed class SimulationLoop
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<SimulationStep> _runnable = [];
    private readonly PriorityQueue<TimerEntry, (long Due, long Sequence)> _timers = new();
    private long _sequence;
    private int _processes;
    private volatile string? _escape;

    /// <param name="seed">Decides everything that is left to chance.</param>
    /// <param name="trace">Null keeps only a hash.</param>
    public SimulationLoop(ulong seed, SimulationTrace? trace = null)
    {
        Random = new SeededRandom(seed);
        Trace = trace ?? new SimulationTrace();
        Outside = Start("outside");
    }

    /// <summary>When every simulation begins.</summary>
    public static DateTimeOffset Epoch { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public SeededRandom Random { get; }

    public SimulationTrace Trace { get; }

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Elapsed { get; private set; }

    public long Steps { get; private set; }

    /// <summary>Called when nothing can happen any more at the present moment, before the clock moves on. A place to look for what waits in vain.</summary>
    public Action? WhenIdle { get; set; }

    /// <summary>Everything that no crash takes away: clients, providers, the store.</summary>
    public SimulatedProcess Outside { get; }

    /// <summary>Begins a process. Its turns and timers are steps of this loop until it is killed.</summary>
    public SimulatedProcess Start(string name) => new(this, name, _processes++);

    /// <summary>Runs steps until the condition holds, which is looked at after every step.</summary>
    /// <exception cref="SimulationEscapeException">Something ran on another thread.</exception>
    public SimulationEnd RunUntil(Func<bool> done, long maxSteps, TimeSpan maxTime)
    {
        ArgumentNullException.ThrowIfNull(done);
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!done())
            {
                ThrowIfEscaped();
                if (Steps >= maxSteps)
                    return SimulationEnd.TooManySteps;
                if (_runnable.Count == 0 && !AdvanceTime(maxTime, out var end))
                    return end;
                if (_runnable.Count > 0)
                    RunOne();
            }

            ThrowIfEscaped();
            return SimulationEnd.Done;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    /// <summary>
    /// Gives what left the loop a moment to come back and be noticed. For a run that did not end well: a continuation on its way through the thread pool is the
    /// likeliest reason.
    /// </summary>
    /// <exception cref="SimulationEscapeException">It came back.</exception>
    public void WaitForEscapes(TimeSpan realTime)
    {
        SpinWait.SpinUntil(() => _escape is not null, realTime);
        ThrowIfEscaped();
    }

    /// <summary>Puts something that happened into the trace.</summary>
    public void Note(string what)
    {
        Trace.Mix(SimulationTrace.HashOf(what));
        if (Trace.KeepsLines)
            Trace.Keep($"{Elapsed.TotalMilliseconds,12:F3} ms  {what}");
    }

    /// <summary>Whether the caller is on the simulation's thread; if not, the run has failed.</summary>
    internal bool IsInside(string what)
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return true;
        _escape ??= $"{what} came from thread '{Thread.CurrentThread.Name ?? "of the pool"}'.\n{Environment.StackTrace}";
        return false;
    }

    internal void Enqueue(in SimulationStep step)
    {
        if (step.Process.IsAlive && IsInside(step.Label))
            _runnable.Add(step);
    }

    internal void SetTimer(SimulatedTimer timer, TimeSpan due)
    {
        if (!timer.Process.IsAlive)
            return;
        if (due <= TimeSpan.Zero)
        {
            _runnable.Add(timer.ToStep(timer.Generation));
            return;
        }

        _timers.Enqueue(new TimerEntry(timer, timer.Generation), ((Elapsed + due).Ticks, _sequence++));
    }

    internal void Forget(SimulatedProcess process) => _runnable.RemoveAll(step => ReferenceEquals(step.Process, process));

    private void RunOne()
    {
        var index = Random.Next(_runnable.Count);
        var step = _runnable[index];
        _runnable[index] = _runnable[^1];
        _runnable.RemoveAt(_runnable.Count - 1);
        Steps++;
        Trace.Mix(step.LabelHash);
        if (Trace.KeepsLines)
            Trace.Keep($"{Elapsed.TotalMilliseconds,12:F3} ms  {Steps,7}  {step.Process.Name}: {step.Label}");
        SynchronizationContext.SetSynchronizationContext(step.Context);
        step.Run();
        SynchronizationContext.SetSynchronizationContext(null);
    }

    private bool AdvanceTime(TimeSpan maxTime, out SimulationEnd end)
    {
        end = SimulationEnd.Stalled;
        WhenIdle?.Invoke();
        while (_timers.TryPeek(out var next, out var at))
        {
            if (!next.IsValid)
            {
                _timers.Dequeue();
                continue;
            }

            if (at.Due > maxTime.Ticks)
            {
                end = SimulationEnd.TooLong;
                return false;
            }

            if (at.Due > Elapsed.Ticks)
                Elapsed = TimeSpan.FromTicks(at.Due);
            Trace.Mix((ulong)at.Due);
            while (_timers.TryPeek(out var due, out var key) && key.Due <= Elapsed.Ticks)
            {
                _timers.Dequeue();
                if (due.IsValid)
                    _runnable.Add(due.Timer.ToStep(due.Generation));
            }

            return true;
        }

        return false;
    }

    private void ThrowIfEscaped()
    {
        if (_escape is { } escape)
            throw new SimulationEscapeException("Something left the simulation's thread: " + escape);
    }

    private readonly record struct TimerEntry(SimulatedTimer Timer, int Generation)
    {
        public bool IsValid => Timer.Process.IsAlive && Timer.Generation == Generation;
    }
}
