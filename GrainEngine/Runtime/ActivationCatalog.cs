using System.Collections.Concurrent;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>Every activation of the process, one per key. Bounded: above the bound idle ones are collected, and the call that asked for one more is refused.</summary>
internal sealed class ActivationCatalog(EmbeddedGrainEngine engine)
{
    private readonly ConcurrentDictionary<ActivationKey, Activation> _activations = new();
    private int _count;
    private int _collecting;
    private int _nextWorker;

    public int Count => Volatile.Read(ref _count);

    // The dictionary's order follows from hash codes that differ from process to process.
    public IEnumerable<Activation> Activations =>
        engine.Scheduler.IsDeterministic ? _activations.Values.OrderBy(activation => activation.GrainId.ToString(), StringComparer.Ordinal) : _activations.Values;

    public bool IsActive(GrainId grainId) => _activations.TryGetValue(new ActivationKey(grainId, 0), out var activation) && activation.IsActive;

    /// <summary>The activation of a grain, made if there is none. Racing callers get the same one.</summary>
    /// <exception cref="LimitExceededException">There are as many activations as there may be.</exception>
    public Activation GetOrCreate(GrainId grainId, GrainClass grainClass)
    {
        if (grainClass.IsStatelessWorker)
            return GetOrCreateWorker(grainId, grainClass);
        var key = new ActivationKey(grainId, 0);
        return _activations.TryGetValue(key, out var known) ? known : Create(key, grainClass);
    }

    /// <summary>Forgets an activation that has ended.</summary>
    public void Remove(Activation activation)
    {
        if (_activations.TryRemove(new(activation.Key, activation)))
            Interlocked.Decrement(ref _count);
    }

    /// <summary>Puts a new activation in the place of one that has ended, if requests wait for it.</summary>
    public void Replace(Activation ended, List<GrainRequest> waiting)
    {
        if (waiting.Count == 0)
        {
            Remove(ended);
            return;
        }

        var successor = new Activation(engine, ended.Class, ended.Key);
        successor.Inherit(waiting);
        // Nobody else changes this key while the ended activation holds it, so its requests come first in the new one.
        _activations[ended.Key] = successor;
        successor.Wake();
    }

    /// <summary>Deactivates what was not used for its class's collection age.</summary>
    public void CollectIdle()
    {
        if (Interlocked.Exchange(ref _collecting, 1) != 0)
            return;
        try
        {
            var now = engine.Timeouts.CoarseNow;
            foreach (var activation in Activations)
            {
                if (activation.Class.IsNeverCollected)
                    continue;
                // A use is noted by the late clock, so one step of that clock is added: nothing goes before its time.
                var cutoff = engine.CoarseTimeAfter(-activation.Class.CollectionAge - engine.SweepInterval);
                if (activation.IsCollectible(cutoff, now))
                    activation.CollectIfUnusedSince(cutoff);
            }
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }

    private Activation Create(ActivationKey key, GrainClass grainClass)
    {
        var limit = engine.Options.MaxActivations;
        var count = Interlocked.Increment(ref _count);
        if (count > limit)
        {
            Interlocked.Decrement(ref _count);
            CollectUnderPressure();
            throw new LimitExceededException(
                $"Grain {key.GrainId} cannot be activated: {limit} activations exist, the most that may. Idle ones are being collected; try again.");
        }

        // Room is made before it is needed, so that a steady stream of new grains is not refused at the bound. Not at every call: a look at all of them costs.
        if (count > limit - (limit / 8) && count % Math.Max(1, limit / 64) == 0)
            CollectUnderPressure();

        var created = new Activation(engine, grainClass, key);
        var winner = _activations.GetOrAdd(key, created);
        if (!ReferenceEquals(winner, created))
            Interlocked.Decrement(ref _count);
        return winner;
    }

    /// <summary>
    /// Collects idle activations whatever their age: an eighth of the bound, those unused for longest first. The moment that separates them is estimated from
    /// the ages of all.
    /// </summary>
    private void CollectUnderPressure()
    {
        if (Interlocked.Exchange(ref _collecting, 1) != 0)
            return;
        try
        {
            var now = engine.Timeouts.CoarseNow;
            var idle = Activations.Where(activation => !activation.Class.IsNeverCollected && activation.IsCollectible(now, now)).ToArray();
            if (idle.Length == 0)
                return;
            var wanted = Math.Clamp(engine.Options.MaxActivations / 8, 1, idle.Length);
            var ages = Array.ConvertAll(idle, activation => activation.LastUsed);
            Array.Sort(ages, idle);
            foreach (var activation in idle.AsSpan(0, wanted))
                activation.CollectIfUnusedSince(now);
        }
        finally
        {
            Volatile.Write(ref _collecting, 0);
        }
    }

    private Activation GetOrCreateWorker(GrainId grainId, GrainClass grainClass)
    {
        Activation? leastBusy = null;
        var first = (int)((uint)Interlocked.Increment(ref _nextWorker) % (uint)grainClass.MaxWorkers);
        for (var i = 0; i < grainClass.MaxWorkers; i++)
        {
            var key = new ActivationKey(grainId, (first + i) % grainClass.MaxWorkers);
            if (!_activations.TryGetValue(key, out var worker))
                return Create(key, grainClass);
            if (worker.LooksIdle)
                return worker;
            if (leastBusy is null || worker.Waiting < leastBusy.Waiting)
                leastBusy = worker;
        }

        return leastBusy!;
    }
}
