namespace OrleansPayments.Connectors;

/// <summary>What became of a permit to charge.</summary>
/// <param name="Permit">The permit's number.</param>
/// <param name="Duration">From the call's beginning to its answer, or to its end without one.</param>
[GenerateSerializer, Immutable, Alias("charge_report")]
public sealed record ChargeReport([property: Id(0)] long Permit, [property: Id(1)] ChargeOutcome Outcome, [property: Id(2)] TimeSpan Duration);
