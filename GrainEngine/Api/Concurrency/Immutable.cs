using System.Diagnostics.CodeAnalysis;

namespace Orleans.Concurrency;

/// <summary>Promises that a value is not changed after it was sent.</summary>
[GenerateSerializer, Immutable]
[SuppressMessage("Performance", "CA1815", Justification = "Shape of Orleans' public API.")]
public readonly struct Immutable<T>
{
    [Id(0)]
    [SuppressMessage("Design", "CA1051", Justification = "Shape of Orleans' public API.")]
    public readonly T Value;

    public Immutable(T value) => Value = value;
}
