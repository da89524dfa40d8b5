namespace Orleans.Simulation;

/// <summary>Something that can happen now.</summary>
/// <param name="Context">The synchronization context in which it runs.</param>
/// <param name="Action">What to call with the state; null when the state is a work item.</param>
internal readonly record struct SimulationStep(
    SimulatedProcess Process, string Label, ulong LabelHash, SynchronizationContext? Context, Action<object?>? Action, object? State)
{
    public void Run()
    {
        if (Action is not null)
            Action(State);
        else
            ((IThreadPoolWorkItem)State!).Execute();
    }
}
