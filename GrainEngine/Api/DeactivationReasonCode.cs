using System.Diagnostics.CodeAnalysis;

namespace Orleans;

/// <summary>Why an activation ends. The values are those of Orleans; the embedded engine uses the ones that can occur in one process.</summary>
[GenerateSerializer]
[SuppressMessage("Design", "CA1028", Justification = "The underlying type is part of Orleans' public API.")]
public enum DeactivationReasonCode : byte
{
    None,
    ShuttingDown,
    ActivationFailed,
    DirectoryFailure,
    ActivationIdle,
    ActivationUnresponsive,
    DuplicateActivation,
    IncompatibleRequest,
    ApplicationError,
    ApplicationRequested,
    Migrating,
    RuntimeRequested,
    HighMemoryPressure,
}
