namespace OrleansPayments.Simulation.Running;

/// <summary>What one seed came to.</summary>
/// <param name="Hash">Of every step; equal for equal runs.</param>
/// <param name="Elapsed">Virtual time.</param>
/// <param name="Violation">What must never be and was; null when the seed is good.</param>
internal sealed record SeedResult(ulong Seed, ulong Hash, long Steps, TimeSpan Elapsed, string? Violation);
