using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>A writer's queue: bounded in appends and in bytes, with a way back to its front.</summary>
internal sealed class AppendQueue(int maxAppends, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingAppend> _queue = new();
    private List<PendingAppend> _front = [];
    private long _bytes;
    private string? _refusal;
    private bool _completed;
    private TaskCompletionSource? _wake;

    public int Count
    {
        get
        {
            lock (_gate)
                return _front.Count + _queue.Count;
        }
    }

    /// <exception cref="JournalUnavailableException">The queue is full or refuses for now; the append was not taken.</exception>
    public void Add(PendingAppend append)
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            if (_refusal is not null)
                throw new JournalUnavailableException(_refusal, outcomeUnknown: false);
            if (_front.Count + _queue.Count >= maxAppends || _bytes + append.Events.Length > maxBytes)
                throw new JournalUnavailableException("The journal's queue is full.", outcomeUnknown: false);
            _queue.Enqueue(append);
            _bytes += append.Events.Length;
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
    }

    /// <summary>Waits until there is something to take; false when there never will be again.</summary>
    public async ValueTask<bool> WaitAsync()
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                if (_front.Count + _queue.Count > 0)
                    return true;
                if (_completed)
                    return false;
                _wake ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _wake.Task;
            }

            await wait.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The next batch: in order of arrival, at most one append per entity (a second one could only be judged after the first).
    /// </summary>
    public List<PendingAppend> Take(int max, long maxBatchBytes)
    {
        var batch = new List<PendingAppend>();
        var entities = new HashSet<string>(StringComparer.Ordinal);
        var passedOver = new List<PendingAppend>();
        lock (_gate)
        {
            var bytes = 0L;
            var fromFront = 0;
            while (batch.Count < max)
            {
                var next = fromFront < _front.Count ? _front[fromFront] : _queue.TryPeek(out var queued) ? queued : null;
                if (next is null || (batch.Count > 0 && bytes + next.Events.Length > maxBatchBytes))
                    break;
                if (fromFront < _front.Count)
                    fromFront++;
                else
                    _queue.Dequeue();

                if (!entities.Add(next.Entity))
                {
                    passedOver.Add(next);
                    continue;
                }

                batch.Add(next);
                bytes += next.Events.Length;
            }

            passedOver.AddRange(_front.Skip(fromFront));
            _front = passedOver;
            _bytes -= bytes;
        }

        return batch;
    }

    /// <summary>Puts appends that were certainly not written back to the front, in their order.</summary>
    public void PutBack(IReadOnlyCollection<PendingAppend> appends)
    {
        lock (_gate)
        {
            _front = [.. appends, .. _front];
            _bytes += appends.Sum(append => (long)append.Events.Length);
        }
    }

    /// <summary>Refuses every append from now on and gives out those that wait, to be answered.</summary>
    public IReadOnlyList<PendingAppend> Refuse(string reason)
    {
        lock (_gate)
        {
            _refusal = reason;
            PendingAppend[] waiting = [.. _front, .. _queue];
            _front = [];
            _queue.Clear();
            _bytes = 0;
            return waiting;
        }
    }

    public void Accept()
    {
        lock (_gate)
        {
            if (!_completed)
                _refusal = null;
        }
    }

    /// <summary>Refuses every append from now on, for good; those that wait may still be taken.</summary>
    public void Complete(string reason)
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            _completed = true;
            _refusal = reason;
            (wake, _wake) = (_wake, null);
        }

        wake?.TrySetResult();
    }
}
