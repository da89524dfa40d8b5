using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// What a crash takes away at once: turns, continuations and timers that belong together. Give <see cref="Time"/> and <see cref="Turns"/> to a grain engine
/// before it is added to the container, and it runs in this process.
/// </summary>
public sealed class SimulatedProcess
{
    private readonly SimulationLoop _loop;
    private readonly Dictionary<object, (string Label, ulong Hash)> _labels = new(ReferenceEqualityComparer.Instance);
    private readonly ulong _salt;

    internal SimulatedProcess(SimulationLoop loop, string name, int number)
    {
        _loop = loop;
        Name = name;
        _salt = SimulationTrace.HashOf($"{number}/{name}");
        Time = new Clock(this);
        Turns = new TurnScheduler(this);
        Context = new LoopContext(this);
    }

    public string Name { get; }

    public bool IsAlive { get; private set; } = true;

    public TimeProvider Time { get; }

    public ITurnScheduler Turns { get; }

    /// <summary>In which code of this process that is no grain awaits: its continuations are steps of the loop.</summary>
    public SynchronizationContext Context { get; }

    /// <summary>Runs work in this process's context, as a step of its own.</summary>
    public void Run(string label, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Enqueue(label, static state => ((Action)state!)(), work, Context);
    }

    /// <summary>Runs work later, without any context, as an answer from outside arrives. Not at all if the process is killed before.</summary>
    public void After(TimeSpan delay, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        new SimulatedTimer(_loop, this, static state => ((Action)state!)(), work).Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the process between two steps: nothing of it runs again.</summary>
    public void Kill()
    {
        IsAlive = false;
        _loop.Note($"{Name} is killed");
        _loop.Forget(this);
        _labels.Clear();
    }

    private void Enqueue(string label, Action<object?>? action, object? state, SynchronizationContext? context) =>
        _loop.Enqueue(new SimulationStep(this, label, unchecked(_salt ^ SimulationTrace.HashOf(label)), context, action, state));

    private sealed class Clock(SimulatedProcess process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long GetTimestamp() => process._loop.Elapsed.Ticks;

        public override DateTimeOffset GetUtcNow() => SimulationLoop.Epoch + process._loop.Elapsed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimulatedTimer(process._loop, process, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class TurnScheduler(SimulatedProcess process) : ITurnScheduler
    {
        public bool IsDeterministic => true;

        public void Schedule(IThreadPoolWorkItem work, bool yielded)
        {
            if (!process.IsAlive || !process._loop.IsInside("A turn"))
                return;
            var (label, hash) = process.LabelOf(work);
            process._loop.Enqueue(new SimulationStep(process, label, hash, Context: null, Action: null, work));
        }
    }

    // Made once per activation: a run has far more turns than grains.
    private (string Label, ulong Hash) LabelOf(IThreadPoolWorkItem work)
    {
        if (_labels.TryGetValue(work, out var known))
            return known;
        var label = work is IGrainContext grain ? grain.GrainId.ToString() : work.ToString()!;
        var made = (label, unchecked(_salt ^ SimulationTrace.HashOf(label)));
        if (work is IGrainContext)
            _labels.Add(work, made);
        return made;
    }

    private sealed class LoopContext(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            process.Enqueue("continuation", static pair => ((Continuation)pair!).Run(), new Continuation(d, state), this);

        public override void Send(SendOrPostCallback d, object? state) =>
            throw new NotSupportedException("Nothing waits in a simulation.");

        public override SynchronizationContext CreateCopy() => this;

        private sealed record Continuation(SendOrPostCallback Callback, object? State)
        {
            public void Run() => Callback(State);
        }
    }
}
