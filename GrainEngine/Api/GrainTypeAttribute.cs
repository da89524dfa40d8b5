namespace Orleans;

/// <summary>The grain type's name, in place of the one made from the class name. A rename of the class then keeps its identities.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    public string GrainType { get; } = grainType;
}
