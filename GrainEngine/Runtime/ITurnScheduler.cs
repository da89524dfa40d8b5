namespace Orleans.Runtime;

/// <summary>
/// Where turns run: the thread pool, or one thread that chooses by a seed. The engine starts work nowhere else, so whoever owns the scheduler and the
/// <see cref="TimeProvider"/> owns the whole order of events.
/// </summary>
public interface ITurnScheduler
{
    /// <summary>
    /// Runs <see cref="IThreadPoolWorkItem.Execute"/> of the activation once, soon, on any thread whose execution context is the default one, and never inside
    /// this call. The same activation is never scheduled again before its last run began to end.
    /// </summary>
    /// <param name="work">An activation, which is an <see cref="IGrainContext"/>, so a scheduler can tell grains apart; in deterministic mode also the delivery of a call.</param>
    /// <param name="yielded">The activation has more to do but gave its thread up; others that wait come first.</param>
    void Schedule(IThreadPoolWorkItem work, bool yielded);

    /// <summary>
    /// Whether this is the scheduler of a simulation: everything runs on one thread and in an order that only the scheduler chooses. The engine then runs one turn
    /// at a time, calls nothing inline, and lets calls to a grain that is not active yet arrive in any order. Default: no.
    /// </summary>
    bool IsDeterministic => false;
}
