using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans;

// One closed family: a call as filters see it, at either end.

/// <summary>A call and what became of it.</summary>
public interface IGrainCallContext
{
    /// <summary>The method and its arguments. Of no meaning any more when the call has ended.</summary>
    IInvokable Request { get; }

    /// <summary>The grain itself where the call arrives, a reference to it where the call is sent.</summary>
    object Grain { get; }

    /// <summary>The grain that sent the call; null when it came from outside grains. A timer tick comes from its own grain.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    GrainInterfaceType InterfaceType { get; }

    /// <summary>The full name of the interface that declares the method.</summary>
    string InterfaceName { get; }

    string MethodName { get; }

    MethodInfo InterfaceMethod { get; }

    /// <summary>The answer; null when there is none yet, or the call failed, or the method has no result. To set it makes the call succeed with this value.</summary>
    object? Result { get; set; }

    /// <summary>The answer or the exception; null as long as nobody gave one.</summary>
    Response? Response { get; set; }

    /// <summary>
    /// Lets the call go on: to the next filter, or to the grain. Throws what the call throws. A filter may call it again when it has ended, which repeats all
    /// that comes after the filter.
    /// </summary>
    Task Invoke();
}

/// <summary>A call where it arrives.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }

    /// <summary>The grain class's method.</summary>
    MethodInfo ImplementationMethod { get; }
}

/// <summary>A call where it is sent.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>Null when the call comes from outside grains.</summary>
    IGrainContext? SourceContext { get; }
}
