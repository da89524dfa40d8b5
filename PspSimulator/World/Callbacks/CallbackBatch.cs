namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>The callbacks that one call causes: they leave once it was answered, except the early ones, which its answer waits for.</summary>
internal sealed class CallbackBatch
{
    private readonly Lock _lock = new();
    private List<Task>? _early;
    private TaskCompletionSource? _answered;
    private bool _isAnswered;

    /// <summary>Whether any callback was caused.</summary>
    public bool Any { get; private set; }

    /// <summary>Completes with <see cref="Answered"/>.</summary>
    public Task Gate()
    {
        lock (_lock)
        {
            Any = true;
            if (_isAnswered) return Task.CompletedTask;
            _answered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _answered.Task;
        }
    }

    public void AddEarly(Task delivered)
    {
        lock (_lock) (_early ??= []).Add(delivered);
    }

    /// <summary>Waits until the early ones have arrived or failed, at most for a time.</summary>
    public async Task ArriveEarlyAsync(TimeSpan longest, TimeProvider time, CancellationToken stopping)
    {
        Task[] early;
        lock (_lock) early = [.. _early ?? []];
        if (early.Length == 0) return;
        await Task.WhenAny(Task.WhenAll(early), Task.Delay(longest, time, stopping));
    }

    /// <summary>Lets the callbacks go: the answer is on its way, or will never be given.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            _isAnswered = true;
            _answered?.TrySetResult();
        }
    }
}
