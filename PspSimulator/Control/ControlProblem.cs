namespace OrleansPayments.PspSimulator.Control;

/// <summary>Why a control call was refused (400).</summary>
/// <param name="Field">The field or parameter at fault; null for the body as a whole.</param>
internal sealed record ControlProblem(string? Field, string Message);
