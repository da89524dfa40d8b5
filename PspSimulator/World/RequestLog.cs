namespace OrleansPayments.PspSimulator.World;

/// <summary>The newest calls to one account's providers. Safe for concurrent use.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly SegmentedRing<RequestEntry> _entries = new(capacity);

    /// <summary>Notes a call on arrival, before anything can go wrong with it, and returns its position.</summary>
    public long Add(RequestEntry entry)
    {
        lock (_lock) return _entries.Add(entry);
    }

    /// <summary>Notes the answer to a call; a call no longer kept is let go.</summary>
    public void Answered(long position, int status)
    {
        lock (_lock)
        {
            if (!_entries.Holds(position)) return;
            ref var entry = ref _entries[position];
            entry = entry with { Status = status };
        }
    }

    /// <summary>The newest calls, at most <paramref name="limit"/>, oldest first.</summary>
    public RequestEntry[] Newest(int limit)
    {
        lock (_lock) return _entries.Newest(limit);
    }
}
