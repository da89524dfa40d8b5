namespace Orleans.Runtime;

/// <summary>Anything that has a <see cref="GrainId"/>: grains and references to them.</summary>
public interface IAddressable;
