using System.ComponentModel;

namespace Orleans.CodeGeneration;

/// <summary>Lists the proxies of an assembly. Implemented by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IGrainInterfaceManifest
{
    void Describe(GrainInterfaceRegistry registry);
}
