using System.ComponentModel;

namespace Orleans.Runtime;

/// <summary>The engine behind a reference. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGrainReferenceRuntime
{
    /// <summary>A reference of the given interface.</summary>
    /// <exception cref="ArgumentException">The type is no grain interface, or it was compiled without the generator.</exception>
    object CreateReference(Type interfaceType, GrainId grainId);
}
