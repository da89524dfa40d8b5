using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>A continuation that waits for its grain's turn. Kept for reuse per thread, so that a hop allocates nothing.</summary>
internal sealed class TurnNode : QueueNode
{
    private const int MaxSpares = 64;

    [ThreadStatic]
    private static TurnNode? _spares;

    [ThreadStatic]
    private static int _spareCount;

    private SendOrPostCallback? _callback;
    private object? _state;

    public static TurnNode Rent(SendOrPostCallback callback, object? state)
    {
        var node = _spares;
        if (node is null)
        {
            node = new TurnNode();
        }
        else
        {
            _spares = (TurnNode?)node.Next;
            _spareCount--;
            node.Next = null;
        }

        node._callback = callback;
        node._state = state;
        return node;
    }

    /// <summary>Runs the continuation. The node must not be used afterwards.</summary>
    public void RunAndReturn()
    {
        var callback = _callback!;
        var state = _state;
        _callback = null;
        _state = null;
        if (_spareCount < MaxSpares)
        {
            Next = _spares;
            _spares = this;
            _spareCount++;
        }

        callback(state);
    }
}
