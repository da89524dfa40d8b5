namespace OrleansPayments.PspSimulator.World;

/// <summary>The faults waiting in one account: a call meets the oldest one that fits it. Safe for concurrent use.</summary>
internal sealed class FaultQueue(int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];
    private volatile bool _any;

    /// <summary>False if as many faults wait as may.</summary>
    public bool TryAdd(Fault fault)
    {
        lock (_lock)
        {
            if (_faults.Count >= capacity) return false;
            _faults.Add(fault);
            _any = true;
            return true;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
            _any = false;
        }
    }

    /// <summary>Takes one use of the oldest fitting fault; null if none fits.</summary>
    public Fault? Take(Operation operation)
    {
        // Nearly every call finds no fault, and those calls should not meet at a lock.
        if (!_any) return null;

        lock (_lock)
        {
            var at = _faults.FindIndex(fault => fault.Fits(operation));
            if (at < 0) return null;

            var taken = _faults[at];
            if (taken.Times > 1) _faults[at] = taken with { Times = taken.Times - 1 };
            else _faults.RemoveAt(at);
            _any = _faults.Count > 0;
            return taken;
        }
    }

    /// <summary>The faults waiting, oldest first, at most <paramref name="limit"/>.</summary>
    public Fault[] Waiting(int limit)
    {
        lock (_lock) return [.. _faults.Take(limit)];
    }
}
