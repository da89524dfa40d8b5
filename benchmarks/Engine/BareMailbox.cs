using OrleansPayments.Benchmarks.Engine.Grains;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>
/// The least that an actor needs: a queue that any thread may push to, a flag that one thread owns, the thread pool, and an answer to wait for. It handles one
/// message at a time, to its end. It has no identity, no catalog, no timeout, no cancellation, no context of its own, no bound and no shutdown: what an engine
/// costs beyond this is the price of those.
/// </summary>
internal sealed class BareMailbox(BareMailbox? behind) : IThreadPoolWorkItem
{
    // As many messages as an activation of the embedded engine handles before it gives its thread up.
    private const int MaxSteps = 64;

    private int _owned;
    private Node? _incoming;
    private Node? _ready;
    private Node? _pending;
    private Task<bool>? _work;
    private Action? _onWorkEnded;

    public Task<bool> Ask(CallKind kind, Question question)
    {
        var node = Node.Rent(kind, question);
        var answer = node.Answer.Task;
        var head = Volatile.Read(ref _incoming);
        while (true)
        {
            node.Next = head;
            var seen = Interlocked.CompareExchange(ref _incoming, node, head);
            if (ReferenceEquals(seen, head)) break;
            head = seen;
        }

        Wake();
        return answer;
    }

    public void Execute()
    {
        for (var steps = 0; steps < MaxSteps; steps++)
        {
            if (Next() is { } node)
            {
                var work = Handle(node.Kind, node.Question);
                if (!work.IsCompleted)
                {
                    // The flag stays taken: whoever ends the work goes on with the queue.
                    (_pending, _work) = (node, work);
                    work.GetAwaiter().UnsafeOnCompleted(_onWorkEnded ??= OnWorkEnded);
                    return;
                }

                node.EndAndReturn(work);
                continue;
            }

            Interlocked.Exchange(ref _owned, 0);
            if (Volatile.Read(ref _incoming) is null || Interlocked.CompareExchange(ref _owned, 1, 0) != 0) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void OnWorkEnded()
    {
        var (node, work) = (_pending!, _work!);
        (_pending, _work) = (null, null);
        node.EndAndReturn(work);
        Execute();
    }

    private Task<bool> Handle(CallKind kind, Question question) => kind switch
    {
        CallKind.Immediate => Task.FromResult(true),
        CallKind.Hop => AnswerLater(),
        CallKind.TwoGrains => AskOn(question),
    };

    private static async Task<bool> AnswerLater()
    {
        await Task.Yield();
        return true;
    }

    private async Task<bool> AskOn(Question question) => await behind!.Ask(CallKind.Immediate, question).ConfigureAwait(false);

    private void Wake()
    {
        if (Volatile.Read(ref _owned) == 0 && Interlocked.CompareExchange(ref _owned, 1, 0) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private Node? Next()
    {
        if (_ready is null && Volatile.Read(ref _incoming) is not null)
        {
            // The stack of what came, turned round: oldest first.
            for (var node = Interlocked.Exchange(ref _incoming, null); node is not null;)
            {
                var next = node.Next;
                node.Next = _ready;
                _ready = node;
                node = next;
            }
        }

        var first = _ready;
        _ready = first?.Next;
        return first;
    }

    /// <summary>A message in the queue, kept for reuse by the thread that handled it.</summary>
    private sealed class Node
    {
        private const int MaxSpares = 64;

        [ThreadStatic]
        private static Node? _spares;

        [ThreadStatic]
        private static int _spareCount;

        public CallKind Kind { get; private set; }

        public Question Question { get; private set; } = null!;

        public TaskCompletionSource<bool> Answer { get; private set; } = null!;

        public Node? Next { get; set; }

        public static Node Rent(CallKind kind, Question question)
        {
            var node = _spares;
            if (node is null)
            {
                node = new Node();
            }
            else
            {
                _spares = node.Next;
                _spareCount--;
            }

            node.Kind = kind;
            node.Question = question;
            node.Answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return node;
        }

        public void EndAndReturn(Task<bool> work)
        {
            var answer = Answer;
            Answer = null!;
            Question = null!;
            if (_spareCount < MaxSpares)
            {
                Next = _spares;
                _spares = this;
                _spareCount++;
            }

            answer.TrySetFromTask(work);
        }
    }
}
