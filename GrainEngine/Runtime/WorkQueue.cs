using System.Runtime.CompilerServices;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>
/// A queue with many producers and one consumer, linked through its nodes. Producers push on a stack; the consumer takes the whole stack at once and reverses it,
/// so nodes come out in the order in which they were pushed. It can be sealed: then a push fails, and every node pushed before is still there to be taken.
/// </summary>
internal struct WorkQueue
{
    private static readonly QueueNode SealMark = new Mark();

    private QueueNode? _incoming;

    // The consumer's: taken from the stack and in order.
    private QueueNode? _ready;

    /// <summary>Whether something was pushed that the consumer has not taken. Any thread may ask.</summary>
    public readonly bool HasIncoming => Volatile.Read(in _incoming) is { } head && !ReferenceEquals(head, SealMark);

    /// <summary>Whether <see cref="Pop"/> would return something. For the consumer.</summary>
    public readonly bool HasAny => _ready is not null || HasIncoming;

    /// <summary>Adds a node; false when the queue is sealed. Has the effect of a full memory barrier.</summary>
    public bool TryPush(QueueNode node)
    {
        var head = Volatile.Read(ref _incoming);
        while (!ReferenceEquals(head, SealMark))
        {
            node.Next = head;
            var seen = Interlocked.CompareExchange(ref _incoming, node, head);
            if (ReferenceEquals(seen, head))
                return true;
            head = seen;
        }

        return false;
    }

    /// <summary>The oldest node, or null. For the consumer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public QueueNode? Pop()
    {
        if (_ready is null && (!HasIncoming || !Refill()))
            return null;
        var node = _ready!;
        _ready = node.Next;
        node.Next = null;
        return node;
    }

    /// <summary>Refuses every later push. For the consumer, which pops what is left.</summary>
    public void Seal()
    {
        var taken = Reverse(Interlocked.Exchange(ref _incoming, SealMark));
        if (_ready is null)
        {
            _ready = taken;
            return;
        }

        var last = _ready;
        while (last.Next is { } next)
            last = next;
        last.Next = taken;
    }

    private bool Refill()
    {
        _ready = Reverse(Interlocked.Exchange(ref _incoming, null));
        return _ready is not null;
    }

    private static QueueNode? Reverse(QueueNode? node)
    {
        QueueNode? reversed = null;
        while (node is not null && !ReferenceEquals(node, SealMark))
        {
            var next = node.Next;
            node.Next = reversed;
            reversed = node;
            node = next;
        }

        return reversed;
    }

    private sealed class Mark : QueueNode;
}
