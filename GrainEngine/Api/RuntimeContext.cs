namespace Orleans.Runtime;

/// <summary>The activation whose turn this thread runs.</summary>
internal static class RuntimeContext
{
    /// <summary>Null outside a grain. An activation is the synchronization context of its turns, so this costs one thread-static read.</summary>
    public static IGrainContext? Current => SynchronizationContext.Current as IGrainContext;
}
