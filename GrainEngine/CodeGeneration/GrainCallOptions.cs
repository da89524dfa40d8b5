using System.ComponentModel;

namespace Orleans.CodeGeneration;

/// <summary>What the attributes of a grain method say about its calls. For generated code.</summary>
[Flags]
[EditorBrowsable(EditorBrowsableState.Never)]
public enum GrainCallOptions
{
    None = 0,
    AlwaysInterleave = 1,
    ReadOnly = 2,
    OneWay = 4,
}
