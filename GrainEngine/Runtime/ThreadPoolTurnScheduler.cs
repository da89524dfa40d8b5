namespace Orleans.Runtime;

/// <summary>Runs turns on the .NET thread pool.</summary>
internal sealed class ThreadPoolTurnScheduler : ITurnScheduler
{
    // A woken grain's data is likely in this processor's cache; one that yields goes to the shared queue, behind the others.
    public void Schedule(IThreadPoolWorkItem work, bool yielded) =>
        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: !yielded);
}
