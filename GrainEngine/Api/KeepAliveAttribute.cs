using System.Diagnostics.CodeAnalysis;

namespace Orleans;

/// <summary>Idle activations of the class are never collected.</summary>
[AttributeUsage(AttributeTargets.Class)]
[SuppressMessage("Performance", "CA1813", Justification = "Unsealed in Orleans' public API.")]
public class KeepAliveAttribute : Attribute;
