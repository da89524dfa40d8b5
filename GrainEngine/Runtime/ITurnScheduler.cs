namespace Orleans.Runtime;

/// <summary>
/// Where turns run: the thread pool, or one thread that chooses by a seed. The engine starts work nowhere else, so whoever owns the scheduler and the
/// <see cref="TimeProvider"/> owns the whole order of events.
/// </summary>
public interface ITurnScheduler
{
    /// <summary>
    /// Runs <see cref="IThreadPoolWorkItem.Execute"/> of the activation once, soon, on any thread whose execution context is the default one, and never inside
    /// this call. An activation is never scheduled again before its last run began to end.
    /// </summary>
    /// <param name="activation">An <see cref="IGrainContext"/>, so a scheduler can tell grains apart.</param>
    /// <param name="yielded">The activation has more to do but gave its thread up; others that wait come first.</param>
    void Schedule(IThreadPoolWorkItem activation, bool yielded);
}
