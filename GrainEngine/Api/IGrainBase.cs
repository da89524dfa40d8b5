using Orleans.Runtime;

namespace Orleans;

/// <summary>What a class implements to be a grain. Most derive from <see cref="Grain"/>; a class that does not takes <see cref="IGrainContext"/> in its constructor.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call. An exception reaches every waiting caller, and the next call tries with a new instance.</summary>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs after the last call. A machine that fails does not run it, so correctness must not depend on it.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
