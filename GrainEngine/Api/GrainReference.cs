using System.ComponentModel;

namespace Orleans.Runtime;

/// <summary>A reference to a grain: an identity that can be called. Equal to every other reference to the same grain. The generator derives one class per grain interface.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GrainReference(IGrainReferenceRuntime runtime, GrainId grainId)
    {
        Runtime = runtime;
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    internal IGrainReferenceRuntime Runtime { get; }

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";
}
