using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>Where grain timers come from. Grains use <see cref="GrainBaseExtensions"/>.</summary>
public interface ITimerRegistry
{
    /// <inheritdoc cref="GrainBaseExtensions.RegisterGrainTimer{TState}(IGrainBase, Func{TState, CancellationToken, Task}, TState, GrainTimerCreationOptions)"/>
    IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options);
}
