namespace OrleansPayments.PspSimulator.World;

/// <summary>
/// The last <c>capacity</c> items, each at a position that never changes. Memory grows in segments as items come, so an account
/// nobody uses costs nothing, and adding never copies. Not safe for concurrent use: the owner locks.
/// </summary>
internal sealed class SegmentedRing<T>
{
    private const int SegmentSize = 1024;

    private readonly T[]?[] _segments;
    private readonly int _capacity;

    public SegmentedRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _segments = new T[]?[(capacity + SegmentSize - 1) / SegmentSize];
    }

    /// <summary>The position after the newest item; the number of items ever added.</summary>
    public long Next { get; private set; }

    /// <summary>The position of the oldest item kept.</summary>
    public long First => Math.Max(0, Next - _capacity);

    public int Count => (int)(Next - First);

    public bool IsFull => Count == _capacity;

    /// <summary>The item at a position for which <see cref="Holds"/> is true.</summary>
    public ref T this[long position]
    {
        get
        {
            if (!Holds(position)) throw new ArgumentOutOfRangeException(nameof(position));
            return ref Slot(position);
        }
    }

    public bool Holds(long position) => position >= First && position < Next;

    /// <summary>Adds an item, in place of the oldest one if the ring is full, and returns its position.</summary>
    public long Add(T item)
    {
        Slot(Next) = item;
        return Next++;
    }

    /// <summary>The newest items, at most <paramref name="limit"/>, oldest first.</summary>
    public T[] Newest(int limit)
    {
        var newest = new T[Math.Min(limit, Count)];
        for (var at = 0; at < newest.Length; at++) newest[at] = Slot(Next - newest.Length + at);
        return newest;
    }

    private ref T Slot(long position)
    {
        var slot = (int)(position % _capacity);
        ref var segment = ref _segments[slot / SegmentSize];
        segment ??= new T[SegmentSize];
        return ref segment[slot % SegmentSize];
    }
}
