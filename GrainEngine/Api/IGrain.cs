using Orleans.Runtime;

namespace Orleans;

// The marker interfaces are one closed family: the kind of key that addresses a grain.

/// <summary>The base of every grain interface.</summary>
public interface IGrain : IAddressable;

/// <summary>Grains addressed by a <see cref="Guid"/>.</summary>
public interface IGrainWithGuidKey : IGrain;

/// <summary>Grains addressed by a 64-bit integer.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>Grains addressed by a string: not null and not empty, compared ordinally.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>Grains addressed by a <see cref="Guid"/> and a string.</summary>
public interface IGrainWithGuidCompoundKey : IGrain;

/// <summary>Grains addressed by a 64-bit integer and a string.</summary>
public interface IGrainWithIntegerCompoundKey : IGrain;
