namespace Orleans;

// One closed family: the two ends of a call.

/// <summary>
/// Sees every call that a grain receives, timer ticks included, in the grain's own turns. Registered as a service, in the order of registration; a grain class
/// that implements it filters its own calls, after all others.
/// </summary>
public interface IIncomingGrainCallFilter
{
    /// <summary>Awaits <see cref="IGrainCallContext.Invoke"/> to let the call go on, or sets <see cref="IGrainCallContext.Result"/> in its place.</summary>
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>
/// Sees every call that is sent through a reference, from grains and from outside them, where the caller is. Registered as a service, in the order of
/// registration.
/// </summary>
public interface IOutgoingGrainCallFilter
{
    /// <inheritdoc cref="IIncomingGrainCallFilter.Invoke"/>
    Task Invoke(IOutgoingGrainCallContext context);
}
