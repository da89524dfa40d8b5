using System.ComponentModel;

namespace Orleans.CodeGeneration;

/// <summary>Points at the assembly's <see cref="IGrainInterfaceManifest"/>. Written by the generator.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainInterfaceManifestAttribute(Type manifest) : Attribute
{
    public Type Manifest { get; } = manifest;
}
