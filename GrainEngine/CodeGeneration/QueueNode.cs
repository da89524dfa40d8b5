using System.ComponentModel;

namespace Orleans.CodeGeneration;

/// <summary>Something that waits in an activation's queue. It carries its own link, so queueing allocates nothing.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class QueueNode
{
    private protected QueueNode()
    {
    }

    internal QueueNode? Next;
}
