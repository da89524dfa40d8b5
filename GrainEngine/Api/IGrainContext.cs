namespace Orleans.Runtime;

/// <summary>One activation of a grain, as the grain itself and the engine's extensions see it.</summary>
public interface IGrainContext
{
    GrainReference GrainReference { get; }

    GrainId GrainId { get; }

    /// <summary>Null until the instance is built.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation; scoped ones are disposed when it ends.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Ends when the activation has ended. Never await it inside the grain: it would wait for itself.</summary>
    Task Deactivated { get; }

    /// <summary>Starts to end this activation: no call is admitted any more, those in flight finish, then OnDeactivateAsync runs.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
